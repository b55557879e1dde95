import type { Change } from '@propusk/gate/core'
import pg from 'pg'
import type { ChangeFeed } from '../../server/src/changes/index.ts'
import { toChange } from '../../server/src/changes/ledger.ts'
import type { Core } from '../../server/src/core.ts'
import type { Database } from '../../server/src/store/index.ts'
import type { Mutant } from './site.ts'

/** The rows as release 0.1.0 read them: all that have not expired, by their ids. */
async function livingRows(
  read: Database['read'],
  afterId: number,
  nowMs: number,
  lifeMs: number,
): Promise<Change[]> {
  const rows = await read
    .selectFrom('changes')
    .selectAll()
    .where('id', '>', afterId)
    .where(eb => eb.or([eb('expires_at', '>', nowMs), eb('created_at', '>', nowMs - lifeMs)]))
    .orderBy('id')
    .execute()
  return changesIn(rows, row => Math.max(row.expires_at, row.created_at + lifeMs))
}

const changesIn = <Row extends { readonly id: number; readonly details: string }>(
  rows: readonly Row[],
  expiryOf: (row: Row) => number,
): Change[] =>
  rows.flatMap(row => {
    const change = toChange(JSON.parse(row.details), { id: Number(row.id), expiresAtMs: expiryOf(row) })
    return typeof change === 'object' ? [change] : []
  })

const lifeOf = ({ config }: Core) => config.accessTtlSeconds * 1000 + 60_000

/** The state as it is, with older living rows laid over it. */
const overlaidSnapshot: Mutant = {
  core: core => ({
    ...core,
    snapshot: work =>
      core.snapshot(stores =>
        work({
          ...stores,
          feed: {
            ...stores.feed,
            async readState(nowMs) {
              const { position } = await stores.feed.readState(nowMs)
              return { position, changes: await livingRows(core.database.read, 0, nowMs, lifeOf(core)) }
            },
          },
        }),
      ),
  }),
}

/** Each reading goes back ten seconds, by the wall clock. What it has brought before it does not bring again. */
const overlapByWallClock: Mutant = {
  core(core) {
    let positions: { atMs: number; id: number }[] = []
    const brought = new Set<number>()
    const readAfter: ChangeFeed['readAfter'] = async position => {
      const nowMs = core.clock.nowMs()
      const floor = positions[0] !== undefined && positions[0].atMs <= nowMs - 10_000 ? positions[0].id : 0
      const rows = await livingRows(core.database.read, floor, nowMs, lifeOf(core))
      positions.push({ atMs: nowMs, id: Math.max(rows.at(-1)?.id ?? 0, positions.at(-1)?.id ?? 0) })
      while (positions.length > 1 && positions[1]!.atMs <= nowMs - 10_000) positions = positions.slice(1)
      const changes = rows.filter(({ id }) => !brought.has(id))
      for (const { id } of changes) brought.add(id)
      return { changes, position }
    }
    return { ...core, stores: { ...core.stores, feed: { ...core.stores.feed, readAfter } } }
  },
}

/** For more than a token can hold. */
const tooManyIds = Array.from({ length: 5_000 }, () => 1)

/** Tokens name roles by what they were called. */
const rolesByName: Mutant = {
  issuer: issuer => ({
    ...issuer,
    accessToken: (session, { roles, isSuperuser }, nowMs) =>
      issuer.accessToken(session, { roles, isSuperuser, roleIds: tooManyIds }, nowMs),
  }),
}

/** Reads from whatever answers, over a connection that does not ask whether that is a standby. */
export const believesWhatAnswers: Mutant = {
  core(core) {
    let afterId = 0
    const readAfter: ChangeFeed['readAfter'] = async position => {
      const client = new pg.Client({ connectionString: core.config.databaseUrl })
      // It may be led elsewhere while it is open: what is asked of it fails then.
      client.on('error', () => {})
      await client.connect()
      try {
        const { rows } = await client.query('select id, details, expires_at from changes where id > $1', [
          afterId,
        ])
        afterId = Math.max(afterId, ...rows.map(({ id }) => Number(id)))
        return { changes: changesIn(rows, row => Number(row.expires_at)), position }
      } finally {
        await client.end()
      }
    }
    return { ...core, stores: { ...core.stores, feed: { ...core.stores.feed, readAfter } } }
  },
}

/** Readings bring nothing about resources and actions. */
const deafCatalogue: Mutant = {
  core(core) {
    const readAfter: ChangeFeed['readAfter'] = async (position, proof) => {
      const reading = await core.stores.feed.readAfter(position, proof)
      return (
        reading && { ...reading, changes: reading.changes.filter(({ kind }) => kind !== 'catalogue_entry') }
      )
    }
    return { ...core, stores: { ...core.stores, feed: { ...core.stores.feed, readAfter } } }
  },
}

/** Changes of roles as a release announces them that knows no levels: they permit in every session. */
const withoutLevels: Mutant = {
  core(core) {
    const readAfter: ChangeFeed['readAfter'] = async (position, proof) => {
      const reading = await core.stores.feed.readAfter(position, proof)
      return reading && { ...reading, changes: reading.changes.map(withoutLevel) }
    }
    return { ...core, stores: { ...core.stores, feed: { ...core.stores.feed, readAfter } } }
  },
}

function withoutLevel(change: Change): Change {
  if (change.kind !== 'role_permissions' || change.aal2Permissions === undefined) return change
  const { aal2Permissions, ...others } = change
  return { ...others, permissions: aal2Permissions }
}

/** Tokens of a session by a password alone say that a second factor was shown. */
export const raisedTokens: Mutant = {
  issuer: issuer => ({
    ...issuer,
    accessToken: (session, grants, nowMs) => issuer.accessToken({ ...session, acr: 'aal2' }, grants, nowMs),
  }),
}

interface Trial {
  readonly engine: 'sqlite' | 'postgres'
  readonly mutant: Mutant
  /** The first of the campaigns that are run until it is found. */
  readonly firstSeed: number
  /** What it is seen by. */
  readonly finds: RegExp
}

export const mutants: Readonly<Record<string, Trial>> = {
  'a snapshot that lays older rows over the state': {
    engine: 'sqlite',
    mutant: overlaidSnapshot,
    firstSeed: 7_047,
    finds: /what they hold|thinks that roles permit/,
  },
  'an overlap by the wall clock': {
    engine: 'postgres',
    mutant: overlapByWallClock,
    firstSeed: 7_013,
    finds: /node \d, user \d, session/,
  },
  'roles that tokens only name': {
    engine: 'sqlite',
    mutant: rolesByName,
    firstSeed: 7_099,
    finds: /what they hold/,
  },
  'a catalogue that other nodes do not hear of': {
    engine: 'sqlite',
    mutant: deafCatalogue,
    firstSeed: 7_000,
    finds: /thinks that there is to permit/,
  },
  'roles that are announced without their level': {
    engine: 'sqlite',
    mutant: withoutLevels,
    firstSeed: 7_000,
    finds: /thinks that roles permit/,
  },
  'tokens that say a higher level than their session has': {
    engine: 'sqlite',
    mutant: raisedTokens,
    firstSeed: 7_000,
    finds: /whether aal1 may/,
  },
}
