import type { Algorithm } from '@propusk/gate'
import type { AuditLog } from '../audit/index.ts'
import type { ChangeLog } from '../changes/index.ts'
import type { Acting, EpochMs, Random, Transact } from '../kernel/index.ts'
import { adoptKeys } from './adopt-keys.ts'
import type { KeyStore } from './key-store.ts'
import { type KeyPair, makeKeyPair } from './open-signing-key.ts'
import { publishedUntilMs } from './publication.ts'
import { assertKeysInOrder, nextOf, type SigningKey, signerOf, toPublishedKey } from './signing-key.ts'

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
  readonly acting?: Acting
  /** Asked under the lock: another node may have been first. What it throws rolls everything back. */
  readonly decide: (keys: readonly SigningKey[]) => KeyStep | undefined
}

/**
 * The one place where keys change their state, under the lock: adopts what release 0.1.0 has written, sees to it that
 * one key signs, then takes the step that is decided. Gives the keys as they are then. Throws, with nothing done, when
 * they would not be in order.
 */
export async function changeKeys(deps: Deps, command: ChangeKeys): Promise<readonly SigningKey[]> {
  const { algorithm, nowMs, acting } = command
  const pair = makeKeyPair(algorithm, deps.masterKey, deps.random)
  return await deps.transaction(async stores => {
    const act: Act = { stores, nowMs, acting, lifeSeconds: deps.longestTokenLifeSeconds }
    const found = await stores.keys.lockAll()
    const keys = await adoptKeys(stores, found, act)
    const step = firstStep(keys) ?? command.decide(keys)
    if (step?.kind === 'create') await addKey(act, pair, keys, 'signing')
    if (step?.kind === 'publish') await addKey(act, pair, keys, 'next', step.signsAtMs)
    if (step?.kind === 'sign') await letSign(act, keys, step.kid)
    const after = await stores.keys.list()
    assertKeysInOrder(after)
    return after
  })
}

interface Act {
  readonly stores: KeyStores
  readonly nowMs: EpochMs
  readonly acting: Acting | undefined
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
  state: 'next' | 'signing',
  signsAtMs: EpochMs | null = null,
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
  { stores, acting, nowMs }: Act,
  action: 'key.create' | 'key.rotate',
  { kid }: SigningKey,
  details: Readonly<Record<string, unknown>>,
): Promise<void> =>
  stores.audit.append(
    {
      actorId: acting?.principal?.userId ?? null,
      action,
      target: `keys/${kid}`,
      origin: acting?.origin ?? null,
      details,
    },
    nowMs,
  )
