import { sql } from 'kysely'
import type { Database } from '../../server/src/store/index.ts'

/**
 * Compares two schemas as `describeSchema` gives them for PostgreSQL, and says what a program that knows only the first
 * would stumble over in the second: anything taken away or changed, and anything added that its writes may break.
 * Nothing is said of what a migration does to rows. `harmless` are checks that such writes pass (`checksOfNewColumns`).
 */
export function checkExpansion(
  before: string,
  after: string,
  harmless: ReadonlySet<string> = new Set(),
): string[] {
  const [old, fresh] = [readSchema(before), readSchema(after)]
  const breaches: string[] = []
  for (const [table, lines] of old.tables) {
    const found = fresh.tables.get(table)
    if (found === undefined) {
      breaches.push(`takes away the table ${table}`)
      continue
    }
    for (const line of lines) if (!found.has(line)) breaches.push(`takes away or changes ${table}: ${line}`)
    for (const line of found) {
      if (!lines.has(line) && !harmless.has(`${table}: ${line}`) && mayRefuseRow(line))
        breaches.push(`may refuse rows of ${table}: ${line}`)
    }
  }
  for (const statement of old.statements) {
    if (!fresh.statements.has(statement)) breaches.push(`takes away or changes: ${statement}`)
  }
  for (const statement of fresh.statements) {
    const table = restrictedTable(statement)
    if (!old.statements.has(statement) && table !== undefined && old.tables.has(table)) {
      breaches.push(`may refuse rows of ${table}: ${statement}`)
    }
  }
  return breaches
}

interface Check {
  readonly table: string
  readonly line: string
  readonly expression: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly left: string }[]
}

/**
 * The checks of a migrated PostgreSQL that name only columns which are new since `before`, and hold for what an old INSERT
 * leaves in them: their default, or null. Each with its table, as `describeSchema` writes it.
 */
export async function checksOfNewColumns(db: Database, before: string): Promise<ReadonlySet<string>> {
  const { tables } = readSchema(before)
  const isNew = (table: string, column: string) =>
    ![...(tables.get(table) ?? [])].some(line => line.startsWith(`${column} `))
  const { rows } = await sql<Check>`
    select c.conrelid::regclass::text as table, pg_get_expr(c.conbin, c.conrelid) as expression,
      'constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid) as line,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'left', coalesce(pg_get_expr(d.adbin, d.adrelid), 'null')))
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.conrelid and a.attnum = any(c.conkey)) as columns
    from pg_constraint c
    where c.contype = 'c' and c.connamespace = current_schema()::regnamespace and c.conkey <> '{}'`.execute(
    db.read,
  )
  const harmless = new Set<string>()
  for (const { table, line, expression, columns } of rows) {
    if (!columns.every(({ name }) => isNew(table, name))) continue
    const written = columns.map(({ name, type, left }) => `(${left})::${type} as "${name}"`).join(', ')
    const query = sql.raw<{ holds: boolean }>(
      `select (${expression}) is not false as holds from (select ${written}) as written`,
    )
    if ((await query.execute(db.read)).rows[0]?.holds) harmless.add(`${table}: ${line}`)
  }
  return harmless
}

interface Schema {
  /** The columns and constraints of each table, a line each. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>
  /** Indexes, triggers and functions. */
  readonly statements: ReadonlySet<string>
}

function readSchema(text: string): Schema {
  const tables = new Map<string, Set<string>>()
  const statements = new Set<string>()
  for (const part of text.trim().split('\n\n')) {
    const table = /^create table (\S+) \(\n([\s\S]*)\n\);$/.exec(part)
    if (table === null) statements.add(part)
    else tables.set(table[1]!, new Set(table[2]!.split(',\n').map(line => line.trim())))
  }
  return { tables, statements }
}

/** A new column that an old INSERT leaves out, or a new rule that an old row may break. */
const mayRefuseRow = (line: string): boolean =>
  line.startsWith('constraint ') || (/ not null\b/.test(line) && !/ default | generated /.test(line))

/** The table that a unique index or a trigger watches over. */
const restrictedTable = (statement: string): string | undefined =>
  /^CREATE (?:UNIQUE INDEX|TRIGGER|CONSTRAINT TRIGGER) .*? ON (?:ONLY )?(\S+)/i.exec(statement)?.[1]
