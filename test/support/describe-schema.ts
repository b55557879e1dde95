import { sql } from 'kysely'
import type { Database, Handle } from '../../server/src/store/index.ts'

/** The schema as it stands in the database, as text that is the same on every machine: what a reviewer reads as a diff. */
export const describeSchema = (db: Database): Promise<string> =>
  db.engine === 'sqlite' ? describeSqlite(db.read) : describePostgres(db.read)

/** SQLite keeps the text of each statement as it was written. */
async function describeSqlite(read: Handle): Promise<string> {
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_master where sql is not null and name not like 'sqlite_%'
    order by tbl_name, case type when 'table' then 1 when 'index' then 2 else 3 end, name`.execute(read)
  return `${rows.map(row => `${row.sql};`).join('\n\n')}\n`
}

/** PostgreSQL keeps a catalogue, which is read back as statements. */
async function describePostgres(read: Handle): Promise<string> {
  const tables = await lines(
    read,
    sql`select relname as line from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' order by relname`,
  )
  const parts: string[] = []
  for (const table of tables) parts.push(...(await describeTable(read, table)))
  parts.push(...(await functionsOf(read)))
  const schema = (await lines(read, sql`select current_schema() as line`))[0]!
  return `${parts.join('\n\n').replaceAll(`${schema}.`, '')}\n`
}

async function describeTable(read: Handle, table: string): Promise<string[]> {
  const columns = await lines(
    read,
    sql`select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> t.typcollation then ' collate ' || quote_ident(c.collname) else '' end
      || case when a.attnotnull then ' not null' else '' end
      || case a.attidentity when 'a' then ' generated always as identity' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_collation c on c.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  )
  // From version 18 on the catalogue also names each NOT NULL ('n'), which the columns say already.
  const constraints = await lines(
    read,
    sql`select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
    where conrelid = ${table}::regclass and contype <> 'n' order by contype, conname`,
  )
  const indexes = await lines(
    read,
    sql`select pg_get_indexdef(indexrelid) || ';' as line from pg_index
    where indrelid = ${table}::regclass
      and not exists (select 1 from pg_constraint where conindid = indexrelid and conrelid = indrelid)
    order by indexrelid::regclass::text`,
  )
  const triggers = await lines(
    read,
    sql`select pg_get_triggerdef(oid) || ';' as line from pg_trigger
    where tgrelid = ${table}::regclass and not tgisinternal order by tgname`,
  )
  return [
    `create table ${table} (\n  ${[...columns, ...constraints].join(',\n  ')}\n);`,
    ...indexes,
    ...triggers,
  ]
}

const functionsOf = (read: Handle): Promise<string[]> =>
  lines(
    read,
    sql`select pg_get_functiondef(oid) || ';' as line from pg_proc
    where pronamespace = current_schema()::regnamespace order by proname`,
  )

async function lines(read: Handle, query: ReturnType<typeof sql>): Promise<string[]> {
  const { rows } = await query.execute(read)
  return (rows as { line: string }[]).map(row => row.line)
}
