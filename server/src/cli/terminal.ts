import type { Readable, Writable } from 'node:stream'

/** The three streams of the process, as the command line needs them. Given by main, so that a test can hold its own. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown }
  /** Results: what another program may read. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** Prompts, warnings and errors, so that results stay clean. */
  readonly errors: Writable
}

export const printLine = (stream: Writable, line: string): void => {
  stream.write(`${line}\n`)
}
