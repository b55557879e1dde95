import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { openDatabase } from '../../server/src/store/index.ts'

/** Ends of so many sessions that each gate must still know, written within the last five minutes. */
export async function fillChanges(databaseUrl: string, count: number): Promise<void> {
  const database = await openDatabase(databaseUrl)
  await database.migrate()
  await database.close()
  const nowMs = Date.now()
  const columns = 'kind, session_uuid, user_id, details, created_at, expires_at'
  const values = (spread: string) => `'session_ended', u, null,
    '{"kind":"session_ended","sessionUuid":"' || u || '"}', ${nowMs - 300_000} + ${spread}, ${nowMs + 600_000} + ${spread}`
  await run(
    databaseUrl,
    `insert into changes (${columns})
     with recursive rows(n) as (select 1 union all select n + 1 from rows where n < ${count}),
     named as materialized (
       select n, lower(printf('%08x-%s-7%s-8%s-%s', n, hex(randomblob(2)),
         substr(hex(randomblob(2)), 1, 3), substr(hex(randomblob(2)), 1, 3), hex(randomblob(6)))) as u from rows
     )
     select ${values(`n * 300000 / ${count}`)} from named`,
    `insert into changes (${columns})
     select ${values(`n::bigint * 300000 / ${count}`)}
     from (select n, gen_random_uuid()::text as u from generate_series(1, ${count}) n) named`,
    'analyze changes',
  )
}

/** Users who all hold one role, with a session each; gives the id of the role. */
export async function fillHolders(databaseUrl: string, roleId: number, count: number): Promise<void> {
  const nowMs = Date.now()
  const user = `email, password, is_active, is_staff, is_superuser, date_joined, updated_at, search_text`
  const email = `'holder-' || n || '@example.com'`
  const series = `(with recursive rows(n) as (select 1 union all select n + 1 from rows where n < ${count}) select n from rows) s`
  const held = `insert into user_roles (user_id, role_id) select id, ${roleId} from users where email like 'holder-%'`
  await run(
    databaseUrl,
    `insert into users (${user}) select ${email}, '!', 1, 0, 0, ${nowMs}, ${nowMs}, ${email} from ${series};
     ${held}`,
    `insert into users (${user}) select ${email}, '!', true, false, false, ${nowMs}, ${nowMs}, ${email} from ${series};
     ${held}`,
    'analyze users; analyze user_roles',
  )
}

async function run(databaseUrl: string, sqlite: string, postgres: string, after: string): Promise<void> {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { timeout: 5_000 })
    database.exec(`pragma temp_store = memory; begin; ${sqlite}; commit`)
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(postgres)
  await client.query(after)
  await client.end()
}
