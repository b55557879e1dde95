import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import pg from 'pg'
import { systemClock, systemRandom } from '../../server/src/kernel/index.ts'
import type { SignedIn } from './our-server.ts'
import { type Rotation, rotationInOne, rotationStatements } from './rotation-statements.ts'

/** Rotations in a second, over so long. */
export interface BareRotation {
  rate(durationMs: number): Promise<number>
  stop(): Promise<void>
}

/** About as long as an encrypted next token is. */
const encrypted = 'x'.repeat(640)

/** A session whose tokens nobody but this bench rotates. */
interface Line {
  sid: string
  sessionId: number
  userId: number
  jti: string
}

/**
 * What SQLite itself can do: the statements of a rotation, prepared, on `node:sqlite`, as durable as ours. `perCommit`
 * rotations share a commit.
 */
export async function bareSqlite(
  path: string,
  people: readonly SignedIn[],
  perCommit: number,
): Promise<BareRotation> {
  const db = new DatabaseSync(path, { timeout: 5_000 })
  db.exec('pragma foreign_keys = on; pragma synchronous = full; pragma cache_size = -8192')
  const statements = (await rotationStatements('sqlite')).map(({ sql, values }) => {
    const prepared = db.prepare(sql, { returnArrays: true })
    return (rotation: Rotation) => prepared.all(...values(rotation))
  })
  const find = db.prepare('select id from sessions where uuid = ?')
  const lines = people.map(person => {
    const { sid, jti } = claimsOf(person)
    return { sid, jti, userId: person.id, sessionId: Number(find.get(sid)!.id) }
  })
  const commitSome = (from: number) => {
    db.exec('begin immediate')
    for (let index = from; index < from + perCommit; index++) {
      const rotation = advance(lines[index % lines.length]!)
      const [touched, , consumed] = statements.map(run => run(rotation))
      mustBeOne(touched!.length, consumed!.length)
    }
    db.exec('commit')
  }
  return {
    async rate(durationMs) {
      const startedAtMs = performance.now()
      let count = 0
      while (performance.now() - startedAtMs < durationMs) {
        commitSome(count)
        count += perCommit
        // A moment for the timers of this process, not for the database.
        if (count % 256 < perCommit) await nextTurn()
      }
      return (count / (performance.now() - startedAtMs)) * 1000
    },
    stop: async () => db.close(),
  }
}

/** What PostgreSQL itself can do: the same on `pg`, with as many connections as our server has. */
export async function barePostgres(url: string, people: readonly SignedIn[]): Promise<BareRotation> {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const statements = await rotationStatements('postgres')
  const lines = await Promise.all(people.map(person => findLine(pool, person)))
  const rotate = async (line: Line) => {
    const rotation = advance(line)
    const client = await pool.connect()
    try {
      await client.query('begin')
      const counts: number[] = []
      for (const [index, { sql, values }] of statements.entries()) {
        const result = await client.query({ name: `rotation-${index}`, text: sql, values: values(rotation) })
        counts.push(result.rows.length)
      }
      await client.query('commit')
      mustBeOne(counts[0]!, counts[2]!)
    } finally {
      client.release()
    }
  }
  return rotating(pool, lines, rotate)
}

/** The same as the one statement that our server sends, a transaction by itself. */
export async function barePostgresInOne(url: string, people: readonly SignedIn[]): Promise<BareRotation> {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const { sql, values } = await rotationInOne()
  const lines = await Promise.all(people.map(person => findLine(pool, person)))
  return rotating(pool, lines, async line => {
    const { rows } = await pool.query({ name: 'rotation', text: sql, values: values(advance(line)) })
    mustBeOne(rows.length, rows.length)
  })
}

const rotating = (
  pool: pg.Pool,
  lines: readonly Line[],
  rotate: (line: Line) => Promise<void>,
): BareRotation => ({
  async rate(durationMs) {
    const startedAtMs = performance.now()
    let count = 0
    const follow = async (line: Line) => {
      for (; performance.now() - startedAtMs < durationMs; count++) await rotate(line)
    }
    await Promise.all(lines.map(follow))
    return (count / (performance.now() - startedAtMs)) * 1000
  },
  stop: () => pool.end(),
})

async function findLine(pool: pg.Pool, person: SignedIn): Promise<Line> {
  const { sid, jti } = claimsOf(person)
  const { rows } = await pool.query<{ id: string }>('select id from sessions where uuid = $1', [sid])
  return { sid, jti, userId: person.id, sessionId: Number(rows[0]!.id) }
}

/** The next rotation of a line, which goes on with its next token from then on. */
function advance(line: Line): Rotation {
  const nowMs = systemClock.nowMs()
  const { sid, sessionId, userId, jti: consumed } = line
  const next = systemRandom.orderedUuid(nowMs)
  line.jti = next
  return { sid, sessionId, userId, consumed, next, encrypted, nowMs, expiresAtMs: nowMs + 86_400_000 }
}

/** A statement that finds no row is quick, and no rotation. */
function mustBeOne(touched: number, consumed: number): void {
  if (touched !== 1 || consumed !== 1) throw new Error('A rotation of the ceiling changed no row.')
}

const claimsOf = ({ refresh }: SignedIn): { sid: string; jti: string } =>
  JSON.parse(Buffer.from(refresh.split('.')[1]!, 'base64url').toString())
