import type { Algorithm } from '@propusk/gate'
import type { AuditLog } from '../audit/index.ts'
import type { ChangeLog } from '../changes/index.ts'
import type { Acting, EpochMs, KeyId, Random, Transact } from '../kernel/index.ts'
import type { KeyStore } from './key-store.ts'
import { deriveKey, seal, unseal } from './seal.ts'
import { generateKey, importPrivateKey, type SignBytes } from './signature.ts'
import { publishedUntilMs, type SigningKey, toPublishedKey } from './signing-key.ts'

interface Deps {
  readonly transaction: Transact<{
    readonly keys: KeyStore
    readonly changes: ChangeLog
    readonly audit: AuditLog
  }>
  readonly masterKey: Uint8Array
  readonly random: Random
  readonly longestTokenLifeSeconds: number
}

interface RotateKeys {
  readonly algorithm: Algorithm
  readonly nowMs: EpochMs
  /** Nobody when the server itself does it. */
  readonly acting?: Acting
  /** Does nothing when, inside the transaction, this no longer asks for it: another node was first. */
  readonly isDue?: (keys: readonly SigningKey[]) => boolean
}

const sealContext = (kid: string) => `signing-key:${kid}`
const sealKey = (masterKey: Uint8Array) => deriveKey(masterKey, 'propusk signing keys')

/**
 * Makes a new key and retires the ones before it. The old keys stay published until the last token they signed
 * has expired, so nobody is signed out by a rotation. Gives the new key; undefined when it was not due.
 */
export async function rotateKeys(deps: Deps, command: RotateKeys): Promise<SigningKey | undefined> {
  const { nowMs, algorithm } = command
  const made = generateKey(algorithm)
  const kid = Buffer.from(deps.random.bytes(12)).toString('base64url') as KeyId
  const key: SigningKey = {
    kid,
    algorithm,
    publicJwk: { ...made.publicJwk, kid, alg: algorithm, use: 'sig' },
    privateSealed: seal(made.privatePem, sealKey(deps.masterKey), sealContext(kid), deps.random),
    createdAtMs: nowMs,
    retiredAtMs: null,
  }
  return await deps.transaction(async ({ keys, changes, audit }) => {
    const before = await keys.lockAll()
    if (command.isDue !== undefined && !command.isDue(before)) return undefined
    await keys.add(key)
    const retired = await keys.retireOthers(kid, nowMs)
    await changes.appendAll(
      [
        { kind: 'key_published', key: toPublishedKey(key, deps.longestTokenLifeSeconds) },
        ...retired.map(old => ({
          kind: 'key_retired' as const,
          kid: old.kid,
          untilMs: publishedUntilMs(nowMs, deps.longestTokenLifeSeconds),
        })),
      ],
      nowMs,
    )
    await audit.append(
      {
        actorId: command.acting?.principal?.userId ?? null,
        action: before.length === 0 ? 'key.create' : 'key.rotate',
        target: `keys/${kid}`,
        origin: command.acting?.origin ?? null,
        details: { algorithm, retired: retired.map(old => old.kid) },
      },
      nowMs,
    )
    return key
  })
}

/** Opens a key for signing; throws when the master key is not the one that sealed it. */
export function openSigningKey(key: SigningKey, masterKey: Uint8Array): SignBytes {
  const privatePem = unseal(key.privateSealed, sealKey(masterKey), sealContext(key.kid))
  if (privatePem === undefined) {
    throw new Error(
      `The signing key ${key.kid} was sealed with another master key. Give the server the PROPUSK_MASTER_KEY, ` +
        'or the key file beside the SQLite database, with which the key was made.',
    )
  }
  return importPrivateKey(key.algorithm, privatePem)
}
