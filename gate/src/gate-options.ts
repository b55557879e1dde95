import type { ImportKey } from './published-key.ts'

export interface GateOptions {
  /** The `iss` of every accepted token. */
  readonly issuer: string
  /** The `aud` of every accepted token. */
  readonly audience: string
  /** A token with a longer life between `iat` and `exp` is refused, so no change need be remembered for longer. */
  readonly maxTokenLifeSeconds: number
  /** How long the gate may go without a sync with the ledger before `authenticate` rejects. */
  readonly staleAfterMs: number
  /** The signature primitive, synchronous. */
  readonly importKey: ImportKey
  /** How many verified tokens are cached, about 2 KB each; 10,000 by default, 0 for none. */
  readonly rememberedTokens?: number
}

/** Throws a TypeError for an option that would make the gate check less than it promises. */
export function checkOptions(options: GateOptions): GateOptions {
  const { issuer, audience, maxTokenLifeSeconds, staleAfterMs, importKey, rememberedTokens = 0 } = options
  requireText('issuer', issuer)
  requireText('audience', audience)
  requireNumber('maxTokenLifeSeconds', maxTokenLifeSeconds, 1)
  requireNumber('staleAfterMs', staleAfterMs, 1)
  requireNumber('rememberedTokens', rememberedTokens, 0)
  if (typeof importKey !== 'function') throw new TypeError('importKey is missing: give a function')
  return options
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`${name} is empty: a gate that checks none is open`)
}

function requireNumber(name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new TypeError(`${name} is ${String(value)}: give a whole number from ${least} up`)
  }
}
