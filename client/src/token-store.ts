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

/** Where a client keeps the token by which the server knows this device again: for 90 days, also after a sign-out. */
export interface DeviceStore {
  read(): Promise<string | undefined> | string | undefined
  /** Told the token that a sign-in gave, in the place of the one before. */
  write(token: string): Promise<void> | void
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
