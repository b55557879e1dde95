import type { ProblemError } from './problem-error.ts'
import type { TokenPair } from './types.ts'

/** A pair of tokens as a client keeps it. */
export interface KeptPair extends TokenPair {
  /** Goes with the refresh token, and proves to the server that a refresh is sent once more (ADR 41). SECRET, as that is. */
  readonly idempotencyKey?: string
}

/** Where a client keeps its pair of tokens. Two clients may share one: each reads anew before it acts. */
export interface TokenStore {
  read(): Promise<KeptPair | undefined> | KeptPair | undefined
  /** Receives the new pair after each refresh, with its key, and undefined when the session is over. */
  write(pair: KeptPair | undefined): Promise<void> | void
}

/** Where a client finds an access token that it cannot renew by itself. */
export interface AccessSource {
  read(): Promise<string | undefined> | string | undefined
  /** A token in place of the one that was refused; undefined when the session is over. Rejects when it cannot be known. */
  renew(refused: string): Promise<string | undefined>
  /**
   * Asks the person to prove again who is there, as a call demands (`problem.stepUp`), and gives the token of it; undefined
   * when the person did not. Without it such a call rejects.
   */
  stepUp?(problem: ProblemError): Promise<string | undefined>
}

/** Where a client keeps the token by which the server knows this device again: for 90 days, also after a sign-out. */
export interface DeviceStore {
  read(): Promise<string | undefined> | string | undefined
  /** Receives the token that a sign-in gave, in the place of the one before. */
  write(token: string): Promise<void> | void
}

/** Tokens that live as long as the program. */
export function memoryTokens(pair?: KeptPair): TokenStore {
  let current = pair
  return {
    read: () => current,
    write: next => {
      current = next
    },
  }
}

/** What this needs of `localStorage`, or of anything like it that all tabs of an origin share. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/**
 * Tokens in a storage that tabs share. SECRET: any script of the origin reads them there; a page on the server's own origin
 * does better with the cookie (ADR 18).
 */
export function storageTokens(storage: KeyValueStorage, key = 'propusk.tokens'): TokenStore {
  return {
    read: () => parsePair(storage.getItem(key)),
    write: pair =>
      pair === undefined ? storage.removeItem(key) : storage.setItem(key, JSON.stringify(pair)),
  }
}

/** Undefined for what is no pair: another program may have written under the key. */
function parsePair(text: string | null): KeptPair | undefined {
  try {
    const { access, refresh, idempotencyKey } = JSON.parse(text ?? '{}') as Partial<KeptPair>
    if (typeof access !== 'string' || typeof refresh !== 'string') return undefined
    return { access, refresh, ...(typeof idempotencyKey === 'string' && { idempotencyKey }) }
  } catch {
    return undefined
  }
}
