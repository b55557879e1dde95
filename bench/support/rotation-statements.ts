import {
  type Dialect,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { sqlGrantsStore } from '../../server/src/access/index.ts'
import {
  type ClientInfo,
  type RefreshTokenId,
  type SessionId,
  type SessionRowId,
  systemRandom,
  type UserId,
} from '../../server/src/kernel/index.ts'
import { sqlSessionStore } from '../../server/src/sessions/index.ts'
import type { Engine, Handle } from '../../server/src/store/index.ts'
import { rotateInOneStatement, sqlRefreshTokenStore } from '../../server/src/tokens/index.ts'

/** What a rotation is about: the values that its statements are given. */
export interface Rotation {
  readonly sid: string
  readonly sessionId: number
  readonly userId: number
  readonly consumed: string
  readonly next: string
  readonly encrypted: string
  readonly nowMs: number
  readonly expiresAtMs: number
}

/** One statement of a rotation, as our own stores write it. */
export interface RotationStatement {
  readonly sql: string
  /** In the order of its parameters. */
  values(rotation: Rotation): (string | number | null)[]
}

/** Values that stand for what differs between rotations; none of them is a value that a statement has by itself. */
const placeholders: Rotation = {
  sid: '<sid>',
  sessionId: 900_001,
  userId: 900_002,
  consumed: '<consumed>',
  next: '<next>',
  encrypted: '<encrypted>',
  nowMs: 900_003,
  expiresAtMs: 900_004,
}

const origin: ClientInfo = { ipAddress: '127.0.0.1', userAgent: 'a bench' }

/**
 * The statements of one rotation, read off our stores themselves: what the ceiling runs cannot fall behind what the
 * server runs.
 */
export async function rotationStatements(engine: Engine): Promise<readonly RotationStatement[]> {
  const statements: RotationStatement[] = []
  const db = recorder(engine, statements)
  const { sid, sessionId, userId, nowMs, expiresAtMs } = placeholders
  const tokens = sqlRefreshTokenStore(db)
  const [jti, next] = [placeholders.consumed as RefreshTokenId, placeholders.next as RefreshTokenId]
  const session = { id: sessionId as SessionRowId, userId: userId as UserId, endsAtMs: expiresAtMs }
  await sqlSessionStore(db, systemRandom).touch(sid as SessionId, nowMs)
  await tokens.find(jti, session.id)
  await tokens.consume(
    jti,
    session.id,
    { jti: next, encrypted: placeholders.encrypted, retryKeyHash: null },
    nowMs,
  )
  await tokens.add({ jti: next, session, issuedAtMs: nowMs, origin })
  await sqlGrantsStore(db).find(userId as UserId)
  return statements
}

/** The whole rotation as the one statement that our server sends to PostgreSQL. */
export async function rotationInOne(): Promise<RotationStatement> {
  const statements: RotationStatement[] = []
  const { sid, userId, consumed, next, encrypted, nowMs, expiresAtMs } = placeholders
  const claims = {
    jti: consumed as RefreshTokenId,
    sessionId: sid as SessionId,
    userId: userId as UserId,
    issuedAtMs: nowMs,
    expiresAtMs,
  }
  const rotation = {
    claims,
    next: { jti: next as RefreshTokenId, encrypted, retryKeyHash: null },
    origin,
    nowMs,
  }
  await rotateInOneStatement(recorder('postgres', statements), rotation)
  return statements[0]!
}

function recorder(engine: Engine, statements: RotationStatement[]): Handle {
  const createDriver = () => new DummyDriver()
  const dialect: Dialect =
    engine === 'sqlite'
      ? {
          createDriver,
          createAdapter: () => new SqliteAdapter(),
          createQueryCompiler: () => new SqliteQueryCompiler(),
          createIntrospector: db => new SqliteIntrospector(db),
        }
      : {
          createDriver,
          createAdapter: () => new PostgresAdapter(),
          createQueryCompiler: () => new PostgresQueryCompiler(),
          createIntrospector: db => new PostgresIntrospector(db),
        }
  return new Kysely({
    dialect,
    log: ({ query }) => {
      statements.push(toStatement(query.sql, query.parameters))
    },
  })
}

const fields = Object.entries(placeholders) as [keyof Rotation, string | number][]

function toStatement(sql: string, parameters: readonly unknown[]): RotationStatement {
  const sources = parameters.map(parameter => {
    const field = fields.find(([, placeholder]) => placeholder === parameter)?.[0]
    const fixed = typeof parameter === 'boolean' ? Number(parameter) : (parameter as string | number | null)
    return field === undefined ? () => fixed : (rotation: Rotation) => rotation[field]
  })
  return { sql, values: rotation => sources.map(source => source(rotation)) }
}
