import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { dialectOf } from '../../bench/scale/dialect.ts'
import { generate } from '../../bench/scale/generate.ts'
import type { Engine } from '../../server/src/store/index.ts'

const lifeMs = 3_600_000

/**
 * Fills an empty database with roles, of some fifteen permissions each, and with changes that have not expired: of ten, four
 * are ended sessions, three are users who were logged out and three are users whose roles changed.
 */
export async function fillLargely(
  databaseUrl: string,
  { roles, changes }: { readonly roles: number; readonly changes: number },
): Promise<void> {
  const users = Math.ceil(changes / 10) * 3
  await generate(databaseUrl, { users, roles, resources: 1_000, sessions: 1, auditEvents: 1 })
  const engine = /^postgres/.test(databaseUrl) ? 'postgres' : 'sqlite'
  for (const statement of statementsFor(engine, changes, Date.now()))
    await run(databaseUrl, engine, statement)
}

function statementsFor(engine: Engine, changes: number, nowMs: number): string[] {
  const { series, hex } = dialectOf(engine)
  const [sessions, users] = [Math.floor(changes / 10) * 4, Math.floor(changes / 10) * 3]
  const columns = 'insert into changes (kind, session_uuid, user_id, details, created_at, expires_at)'
  const times = `${nowMs}, ${nowMs + lifeMs}`
  const uuid = `'01936f00-0000-7abc-8def-' || ${hex('i', 12)}`
  return [
    `${columns} select 'session_ended', ${uuid}, null,
      '{"kind":"session_ended","sessionUuid":"' || ${uuid} || '"}', ${times} from ${series(1, sessions)}`,
    `update users set force_logout_at = ${nowMs}`,
    `${columns} select 'user_logged_out', null, i,
      '{"kind":"user_logged_out","userId":' || i || ',"beforeMs":${nowMs}}', ${times} from ${series(1, users)}`,
    `${columns} select 'user_roles', null, i,
      '{"kind":"user_roles","userId":' || i || ',"roleIds":[1],"roles":["role-1"],"isSuperuser":false}', ${times}
      from ${series(1, users)}`,
  ]
}

async function run(databaseUrl: string, engine: Engine, statement: string): Promise<void> {
  if (engine === 'sqlite') {
    using db = new DatabaseSync(databaseUrl.replace(/^sqlite:/, ''))
    db.exec(statement)
    return
  }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
