import type { TokenPair } from './types.ts'

/** Where a client keeps its pair of tokens. Two clients may share one: each reads anew before it acts. */
export interface TokenStore {
  read(): Promise<TokenPair | undefined> | TokenPair | undefined
  /** Told the new pair after each refresh, and undefined when the session is over. */
  write(pair: TokenPair | undefined): Promise<void> | void
}

/** Tokens that live as long as the program. */
export function memoryTokens(pair?: TokenPair): TokenStore {
  let current = pair
  return {
    read: () => current,
    write: next => {
      current = next
    },
  }
}
