import { printable } from '../kernel/index.ts'

/** What a setting's text means, or what is wrong with it: the rest of a sentence that begins with the setting's name. */
export type Parsed<Value> = { readonly value: Value } | { readonly fault: string }

/** Reads the text of one setting. INVARIANT: the parser of a secret never puts the text into its fault. */
export type Parse<Value> = (presented: string) => Parsed<Value>

/** A wrong value for a fault: on one line, harmless to a terminal and not longer than a person reads. */
export function quoted(presented: string): string {
  const shown = presented.length > 60 ? `${presented.slice(0, 60)}…` : presented
  return printable(JSON.stringify(shown))
}
