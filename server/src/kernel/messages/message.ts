import type { MessageKey } from './en.ts'

/** A sentence for a person, not yet in a language. The HTTP layer and the command line render it. */
export interface Message {
  readonly key: MessageKey
  readonly values?: Readonly<Record<string, string | number>>
}

export const message = (key: MessageKey, values?: Message['values']): Message =>
  values === undefined ? { key } : { key, values }
