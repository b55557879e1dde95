import type { Change } from '@propusk/gate'
import { databaseFile } from './config/index.ts'
import type { Core } from './core.ts'
import { type Acting, message, Refusal } from './kernel/index.ts'
import {
  createKeyRing,
  currentKey,
  isPublished,
  type KeyRing,
  openSigningKey,
  publishedUntilMs,
  readMasterKey,
  rotateKeys,
  type SigningKey,
} from './keys/index.ts'

/** Where the master key is kept when no setting holds it: beside the SQLite database. */
export const keyFileOf = (databaseUrl: string): string | undefined => {
  const file = databaseFile(databaseUrl)
  return file === undefined ? undefined : `${file}.key`
}

export interface KeyKeeping {
  readonly ring: KeyRing
  readonly masterKey: Uint8Array
  /** Makes a new key at once. */
  rotate(): Promise<SigningKey>
  /** The same for somebody who asks over the network: refuses with `conflict` when too many keys are published. */
  rotateFor(acting: Acting): Promise<SigningKey>
  /** Reads the keys as the database has them now. */
  reload(): Promise<void>
  /** Makes a new key when there is none yet, or the current one is old enough; destroys those that are of no use any more. */
  rotateIfDue(): Promise<void>
  /** Reads the keys again when a change speaks of one that the ring does not know so. */
  follow(changes: readonly Change[]): Promise<void>
}

/** The longest life of anything that a key signs: refresh tokens live as long as their session. */
export const longestTokenLifeSeconds = ({ config }: Pick<Core, 'config'>): number =>
  Math.max(config.sessionTtlSeconds, config.accessTtlSeconds)

/** Everybody who verifies tokens fetches all of them, and each stays for the life of a session. */
const mostPublishedKeys = 50

/** How long a key is kept after its last token has expired: a clock that is ahead for a moment must destroy nothing. */
const keepSpentKeysMs = 24 * 3_600_000

/**
 * Opens the master key and the ring of a migrated database; the ring is empty until `rotateIfDue` or `follow` fills
 * it. Throws when the master key is not the one that sealed the current key: a server would sign nobody in, and a
 * rotation would leave the other nodes with a key that they cannot open.
 */
export async function keepKeys(core: Core): Promise<KeyKeeping> {
  const { config, clock, random, stores, transaction } = core
  const existing = await stores.keys.list()
  const masterKey = masterKeyOf(core, existing.length === 0)
  const sealed = currentKey(existing)
  if (sealed !== undefined) openSigningKey(sealed, masterKey)
  const ring = createKeyRing(masterKey, longestTokenLifeSeconds(core))
  const deps = { transaction, masterKey, random, longestTokenLifeSeconds: longestTokenLifeSeconds(core) }
  const reload = async () => ring.load(await stores.keys.list())

  /** A key that signed nothing which could still be shown is of use to thieves only. */
  const destroySpent = async () => {
    const beforeMs = clock.nowMs() - keepSpentKeysMs - publishedUntilMs(0, longestTokenLifeSeconds(core))
    if (!ring.list().some(key => key.retiredAtMs !== null && key.retiredAtMs <= beforeMs)) return
    await transaction(({ keys }) => keys.deleteRetiredBefore(beforeMs))
    await reload()
  }

  const isDue = (keys: readonly SigningKey[]) => {
    const current = currentKey(keys)
    return current === undefined || clock.nowMs() - current.createdAtMs >= config.keyMaxAgeSeconds * 1000
  }

  const hasRoom = (keys: readonly SigningKey[]) =>
    keys.filter(key => isPublished(key, longestTokenLifeSeconds(core), clock.nowMs())).length <
    mostPublishedKeys

  return {
    ring,
    masterKey,
    reload,
    async rotate() {
      const key = await rotateKeys(deps, { algorithm: config.keyAlgorithm, nowMs: clock.nowMs() })
      await reload()
      return key!
    },
    async rotateFor(acting) {
      const command = { algorithm: config.keyAlgorithm, nowMs: clock.nowMs(), acting, isDue: hasRoom }
      const key = await rotateKeys(deps, command)
      await reload()
      if (key !== undefined) return key
      throw new Refusal('conflict', { detail: message('key.too_many', { limit: mostPublishedKeys }) })
    },
    async rotateIfDue() {
      await reload()
      await destroySpent()
      if (!isDue(ring.list())) return
      await rotateKeys(deps, { algorithm: config.keyAlgorithm, nowMs: clock.nowMs(), isDue })
      await reload()
    },
    async follow(changes) {
      const isNews = changes.some(change => {
        if (change.kind === 'key_published') return !ring.list().some(key => key.kid === change.key.kid)
        if (change.kind !== 'key_retired') return false
        return ring.list().some(key => key.kid === change.kid && key.retiredAtMs === null)
      })
      if (isNews) await reload()
    },
  }
}

function masterKeyOf({ config, random }: Core, isFirst: boolean): Uint8Array {
  const { masterKey, databaseUrl } = config
  if (databaseUrl === 'sqlite::memory:') return masterKey ?? random.bytes(32)
  return readMasterKey({ masterKey, keyFile: keyFileOf(databaseUrl), isFirst }, random)
}
