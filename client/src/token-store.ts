import type { TokenPair } from './types.ts'

/** Where a client keeps its pair of tokens. Two clients may share one: each reads anew before it acts. */
export interface TokenStore {
  read(): Promise<TokenPair | undefined> | TokenPair | undefined
  /** Told the new pair after each refresh, and undefined when the session is over. */
  write(pair: TokenPair | undefined): Promise<void> | void
}

/** Where a client finds an access token that it cannot renew by itself. */
export interface AccessSource {
  read(): string | undefined
  /** A token in place of the one that was refused; undefined when the session is over. Rejects when it cannot be known. */
  renew(refused: string): Promise<string | undefined>
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
