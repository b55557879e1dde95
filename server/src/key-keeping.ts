import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '@propusk/gate/core'
import { databaseFile } from './config/index.ts'
import type { Core } from './core.ts'
import { type Caller, message, Rejection, type TimeSource, toRfc3339 } from './kernel/index.ts'
import {
  assertKeysInOrder,
  changeKeys,
  isPublished,
  KeyRing,
  type KeyStep,
  needsAdoption,
  nextOf,
  openSigningKey,
  publishAheadMs,
  publishedUntilMs,
  readMasterKey,
  receivedByAllMs,
  retiredMarginMs,
  type SigningKey,
  signerOf,
} from './keys/index.ts'

/** Where the master key is kept when no setting holds it: beside the SQLite database. */
export const keyFileOf = (databaseUrl: string): string | undefined => {
  const file = databaseFile(databaseUrl)
  return file === undefined ? undefined : `${file}.key`
}

export interface KeyKeeping {
  readonly ring: KeyRing
  readonly masterKey: Uint8Array
  /**
   * Publishes a key that signs later, once every verifier can know it. Where there is one already it gives that one,
   * unless a caller over the network asks (`acting`): then it refuses with `conflict`, as it does when too many keys
   * are published.
   */
  publishNext(caller?: Caller): Promise<SigningKey>
  /**
   * Lets the next key sign within seconds, as soon as every node knows it; makes one where there is none. Verifiers
   * that have cached the key set refuse its tokens for a while. Refuses `acting` as above.
   */
  signAtOnce(caller?: Caller): Promise<SigningKey>
  /** Reads the keys as the database has them now. */
  reload(): Promise<void>
  /** The same, and takes note of what release 0.1.0 has done beside this one. For every node, with the lease or without. */
  settle(): Promise<void>
  /**
   * Makes a key when there is none, publishes the next one when the present one is old enough, lets it sign when it was
   * published for long enough, and destroys those that are of no use any more. Throws when the keys are not in order.
   */
  rotateIfDue(): Promise<void>
  /** Reads the keys again when a change speaks of one that the ring does not know so. */
  follow(changes: readonly Change[]): Promise<void>
}

/** The longest life of anything that a key signs: refresh tokens live as long as their session. */
const longestTokenLifeSeconds = ({ config }: Pick<Core, 'config'>): number =>
  Math.max(config.sessionTtlSeconds, config.accessTtlSeconds)

/** Each verifier fetches all of them, and each stays for the life of a session. */
const mostPublishedKeys = 50

/** How long a key is kept after it has left the key set: a clock that is ahead for a moment must destroy nothing. */
const keepUselessKeysMs = 24 * 3_600_000

/** So long after a retirement it is looked whether a session began on another node in that very moment. */
const lookBackMs = 15 * 60_000

/**
 * Opens the master key and the ring of a migrated database; the ring is empty until `rotateIfDue` or `follow` fills it.
 * Throws when the master key is not the one that encrypted the present key: the server could sign no tokens, and a
 * rotation would leave the other nodes with a key that they cannot open.
 */
export async function keepKeys(
  core: Core,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<KeyKeeping> {
  const { config, clock, random, stores, transaction } = core
  const existing = await stores.keys.list()
  const masterKey = masterKeyOf(core, existing.length === 0)
  const encrypted = signerOf(existing)
  if (encrypted !== undefined) openSigningKey(encrypted, masterKey)
  const ring = new KeyRing(masterKey)
  const known = knownSince(clock)
  const followed = new Set<number>()
  const deps = { transaction, masterKey, random, longestTokenLifeSeconds: longestTokenLifeSeconds(core) }

  const load = (keys: readonly SigningKey[]) => {
    ring.load(keys)
    known.note(keys)
  }
  const reload = async () => load(await stores.keys.list())
  const change = async (decide: (keys: readonly SigningKey[]) => KeyStep | undefined, caller?: Caller) => {
    const nowMs = clock.nowMs()
    const command = { algorithm: config.keyAlgorithm, nowMs, decide, ...(caller && { caller }) }
    load(await changeKeys(deps, command))
  }

  /** A key that signed nothing which could still be shown is of use to thieves only. */
  const destroyUseless = async () => {
    const beforeMs = clock.nowMs() - keepUselessKeysMs
    if (ring.list().every(key => isPublished(key, beforeMs))) return
    await transaction(({ keys }) => keys.deletePublishedUntil(beforeMs))
    await reload()
  }

  /**
   * A node that had not received the change yet may have begun a longer session, by other settings, while its key was retired here.
   * Sessions before that were looked at in the retirement itself.
   */
  const prolongRetired = async () => {
    const isRecent = ({ retiredAtMs }: SigningKey) => (retiredAtMs ?? 0) > clock.nowMs() - lookBackMs
    for (const { kid, retiredAtMs, publishedUntilMs: knownMs } of ring.list().filter(isRecent)) {
      const begun = { fromMs: retiredAtMs! - retiredMarginMs, toMs: retiredAtMs! + retiredMarginMs }
      const untilMs = publishedUntilMs(retiredAtMs!, 0, await stores.keys.lastSessionEnd(begun))
      if (knownMs === null || untilMs <= knownMs) continue
      await transaction(({ keys }) => keys.prolong(kid, untilMs))
      await reload()
    }
  }

  /** Whether a key is due depends on its age alone; a wrong clock makes it early or late and changes no order. */
  const dueStep = (keys: readonly SigningKey[]): KeyStep | undefined => {
    const next = nextOf(keys)
    if (next !== undefined) {
      return known.forMs(next) >= publishAheadMs ? { kind: 'sign', kid: next.kid } : undefined
    }
    const ageMs = clock.nowMs() - signerOf(keys)!.createdAtMs
    return ageMs >= config.keyMaxAgeSeconds * 1000 - publishAheadMs ? publish() : undefined
  }

  const publish = (): KeyStep => ({ kind: 'publish', signsAtMs: clock.nowMs() + publishAheadMs })

  const assertCapacity = (keys: readonly SigningKey[]) => {
    if (keys.filter(key => isPublished(key, clock.nowMs())).length < mostPublishedKeys) return
    throw new Rejection('conflict', { detail: message('key.too_many', { limit: mostPublishedKeys }) })
  }

  const assureNext = async (caller: Caller | undefined): Promise<SigningKey> => {
    await change(keys => {
      if (nextOf(keys) !== undefined) return undefined
      if (caller !== undefined) assertCapacity(keys)
      return publish()
    }, caller)
    // Where no key had signed, the first one signs by now.
    return nextOf(ring.list()) ?? signerOf(ring.list())!
  }

  return {
    ring,
    masterKey,
    reload,
    async settle() {
      await reload()
      if (needsAdoption(ring.list())) await change(() => undefined)
    },
    async publishNext(caller) {
      await reload()
      const next = nextOf(ring.list())
      if (next !== undefined && caller !== undefined) throw nextExists(next)
      return await assureNext(caller)
    },
    async signAtOnce(caller) {
      await reload()
      const { kid } = await assureNext(caller)
      const left = receivedByAllMs - known.forMs({ kid })
      if (left > 0) await wait(left)
      await change(() => ({ kind: 'sign', kid }), caller)
      return ring.list().find(key => key.kid === kid)!
    },
    async rotateIfDue() {
      await reload()
      await destroyUseless()
      const keys = ring.list()
      const isInNeed = needsAdoption(keys) || signerOf(keys) === undefined
      if (isInNeed || dueStep(keys) !== undefined) await change(dueStep)
      await prolongRetired()
      assertKeysInOrder(ring.list())
    },
    async follow(changes) {
      const ofKeys = changes.filter(isOfKeys).filter(({ id }) => !followed.has(id))
      const isNews = ofKeys.some(each =>
        each.kind === 'key_published'
          ? !ring.list().some(key => key.kid === each.key.kid)
          : ring.list().some(key => key.kid === each.kid && key.state !== 'retired'),
      )
      if (isNews) await reload()
      if (followed.size >= mostFollowed) followed.clear()
      for (const { id } of ofKeys) followed.add(id)
    },
  }
}

/** Changes of keys are few; a change that is looked at twice costs a reading. */
const mostFollowed = 1_000

type KeyChange = Extract<Change, { kind: 'key_published' | 'key_retired' }>

const isOfKeys = (change: Change): change is KeyChange =>
  change.kind === 'key_published' || change.kind === 'key_retired'

const nextExists = ({ kid, signsAtMs }: SigningKey): Rejection =>
  new Rejection('conflict', {
    detail: message('key.next_exists', { kid, when: toRfc3339(signsAtMs ?? 0) }),
  })

/** For how long this process has known each key: an interval by its own steady clock, whatever clocks say of the time. */
function knownSince(clock: TimeSource) {
  const since = new Map<string, number>()
  return {
    note(keys: readonly SigningKey[]) {
      for (const kid of since.keys()) if (!keys.some(key => key.kid === kid)) since.delete(kid)
      for (const { kid } of keys) if (!since.has(kid)) since.set(kid, clock.monotonicMs())
    },
    forMs: ({ kid }: Pick<SigningKey, 'kid'>): number =>
      clock.monotonicMs() - (since.get(kid) ?? Number.POSITIVE_INFINITY),
  }
}

function masterKeyOf({ config, random }: Core, isFirst: boolean): Uint8Array {
  const { masterKey, databaseUrl } = config
  if (databaseUrl === 'sqlite::memory:') return masterKey ?? random.bytes(32)
  return readMasterKey({ masterKey, keyFile: keyFileOf(databaseUrl), isFirst }, random)
}
