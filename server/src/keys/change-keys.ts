import type { Algorithm } from '@propusk/gate/core'
import type { AuditLog } from '../audit/index.ts'
import type { ChangeLog } from '../changes/index.ts'
import type { Caller, EpochMs, Random, Transact } from '../kernel/index.ts'
import { type KeyPair, makeKeyPair } from './key-ring.ts'
import type { KeyFields, KeyStore } from './key-store.sql.ts'
import {
  assertKeysInOrder,
  inOrder,
  nextOf,
  publishedUntilMs,
  retiredMarginMs,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'

interface KeyStores {
  readonly keys: KeyStore
  readonly changes: ChangeLog
  readonly audit: AuditLog
}

interface Deps {
  readonly transaction: Transact<KeyStores>
  readonly masterKey: Uint8Array
  readonly random: Random
  readonly longestTokenLifeSeconds: number
}

/** `publish` makes the next key, `sign` lets it take over from the one that signs. */
export type KeyStep =
  | { readonly kind: 'publish'; readonly signsAtMs: EpochMs }
  | { readonly kind: 'sign'; readonly kid: string }

interface ChangeKeys {
  readonly algorithm: Algorithm
  readonly nowMs: EpochMs
  /** Absent when the server itself does it. */
  readonly caller?: Caller
  /** Asked under the lock: another node may have been first. What it throws rolls everything back. */
  readonly decide: (keys: readonly SigningKey[]) => KeyStep | undefined
}

/**
 * The one place where keys change their state, under the lock: adopts what release 0.1.0 has written, sees to it that
 * one key signs, then takes the step that is decided. Gives the keys as they are then. Throws, with nothing done, when
 * they would not be in order.
 */
export async function changeKeys(deps: Deps, command: ChangeKeys): Promise<readonly SigningKey[]> {
  const { algorithm, nowMs, caller } = command
  const pair = makeKeyPair(algorithm, deps.masterKey, deps.random)
  return await deps.transaction(async stores => {
    const act: Act = { stores, nowMs, caller, lifeSeconds: deps.longestTokenLifeSeconds }
    const found = await stores.keys.lockAll()
    const keys = await adoptKeys(stores, found, act)
    const step = firstStep(keys) ?? command.decide(keys)
    if (step?.kind === 'create') await addKey(act, pair, keys, { state: 'signing', signsAtMs: null })
    if (step?.kind === 'publish') await addKey(act, pair, keys, { state: 'next', signsAtMs: step.signsAtMs })
    if (step?.kind === 'sign') await letSign(act, keys, step.kid)
    const after = await stores.keys.list()
    assertKeysInOrder(after)
    return after
  })
}

interface Act {
  readonly stores: KeyStores
  readonly nowMs: EpochMs
  readonly caller: Caller | undefined
  readonly lifeSeconds: number
}

/** The step that comes before all others: without a signing key no user can sign in. */
function firstStep(keys: readonly SigningKey[]): KeyStep | { readonly kind: 'create' } | undefined {
  if (signerOf(keys) !== undefined) return undefined
  const next = nextOf(keys)
  return next === undefined ? { kind: 'create' } : { kind: 'sign', kid: next.kid }
}

async function addKey(
  act: Act,
  pair: KeyPair,
  keys: readonly SigningKey[],
  { state, signsAtMs }: { readonly state: 'next' | 'signing'; readonly signsAtMs: EpochMs | null },
): Promise<void> {
  const { stores, nowMs } = act
  const key: SigningKey = {
    ...pair,
    createdAtMs: nowMs,
    sequence: (keys.at(-1)?.sequence ?? 0) + 1,
    state,
    signsAtMs,
    retiredAtMs: null,
    publishedUntilMs: null,
  }
  await stores.keys.add(key)
  await stores.changes.append({ kind: 'key_published', key: toPublishedKey(key) }, nowMs)
  await record(act, 'key.create', key, { algorithm: key.algorithm, state })
}

/** The key signs from here on; the one before it stays published until what it signed has expired. */
async function letSign(act: Act, keys: readonly SigningKey[], kid: string): Promise<void> {
  const { stores, nowMs, lifeSeconds } = act
  const key = keys.find(each => each.kid === kid && each.state === 'next')
  if (key === undefined) return
  const before = keys.find(each => each.state === 'signing')
  await stores.keys.update(kid, { state: 'signing', signsAtMs: null })
  if (before !== undefined) {
    // From what it has signed, not from the setting of today (ADR 29).
    const untilMs = publishedUntilMs(nowMs, lifeSeconds, await stores.keys.lastSessionEnd())
    await stores.keys.update(before.kid, {
      state: 'retired',
      retiredAtMs: nowMs,
      publishedUntilMs: untilMs,
    })
    await stores.changes.append({ kind: 'key_retired', kid: before.kid, untilMs }, nowMs)
  }
  await record(act, 'key.rotate', key, {
    algorithm: key.algorithm,
    retired: before === undefined ? [] : [before.kid],
  })
}

const record = (
  { stores, caller, nowMs }: Act,
  action: 'key.create' | 'key.rotate',
  { kid }: SigningKey,
  details: Readonly<Record<string, unknown>>,
): Promise<void> =>
  stores.audit.append(
    {
      actorId: caller?.principal?.userId ?? null,
      action,
      target: `keys/${kid}`,
      origin: caller?.origin ?? null,
      details,
    },
    nowMs,
  )

interface Adopting {
  readonly nowMs: EpochMs
  readonly lifeSeconds: number
}

/** Whether release 0.1.0 has made a key, or retired one, and no node of a later release has taken note of it. */
export const needsAdoption = (keys: readonly SigningKey[]): boolean =>
  keys.some(key => key.sequence === null || key.state === null || hasOldRetirement(key))

/** Release 0.1.0 knows `retired_at` and no state. */
const hasOldRetirement = ({ state, retiredAtMs }: SigningKey): boolean =>
  retiredAtMs !== null && state !== 'retired'

/**
 * Gives sequence, state and end to keys as release 0.1.0 writes them, which may go on doing so beside this one. Call it
 * with all keys, locked; gives them as they are then. Of several that are not retired the last one signs.
 */
async function adoptKeys(
  { keys: store, changes }: { readonly keys: KeyStore; readonly changes: ChangeLog },
  keys: readonly SigningKey[],
  adopting: Adopting,
): Promise<readonly SigningKey[]> {
  if (!needsAdoption(keys)) return keys
  const signer = inOrder(keys).findLast(key => key.retiredAtMs === null && key.state !== 'next')
  let sequence = Math.max(0, ...keys.map(key => key.sequence ?? 0))
  const adopted: SigningKey[] = []
  for (const key of inOrder(keys)) {
    const fields = {
      sequence: key.sequence ?? ++sequence,
      ...(await stateOf(store, key, signer, adopting)),
    }
    await store.update(key.kid, fields)
    adopted.push({ ...key, ...fields })
    if (fields.state === 'retired' && key.state !== 'retired') {
      await changes.append(
        { kind: 'key_retired', kid: key.kid, untilMs: fields.publishedUntilMs! },
        adopting.nowMs,
      )
    }
  }
  return inOrder(adopted)
}

async function stateOf(
  store: KeyStore,
  key: SigningKey,
  signer: SigningKey | undefined,
  { nowMs, lifeSeconds }: Adopting,
): Promise<Partial<KeyFields>> {
  if (key.state === 'retired') return {}
  if (key === signer) return { state: 'signing', signsAtMs: null }
  if (key.state === 'next' && key.retiredAtMs === null) return {}
  const retiredAtMs = key.retiredAtMs ?? nowMs
  // A key that has signed here until now, though the other release had retired it, is retired now.
  const signedUntilMs = key.state === 'signing' ? Math.max(nowMs, retiredAtMs) : retiredAtMs
  const lastEndMs = await store.lastSessionEnd({ fromMs: 0, toMs: signedUntilMs + retiredMarginMs })
  return {
    state: 'retired',
    signsAtMs: null,
    retiredAtMs,
    publishedUntilMs: publishedUntilMs(signedUntilMs, lifeSeconds, lastEndMs),
  }
}
