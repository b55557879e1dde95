/** What a client holds: one token for its calls, and one for the next pair. */
export interface TokenPair {
  readonly access: string
  readonly refresh: string
}
