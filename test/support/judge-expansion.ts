/**
 * Compares two schemas as `describeSchema` tells them of PostgreSQL, and says what a program that knows only the first
 * would stumble over in the second: anything taken away or changed, and anything added that its writes may break.
 * Nothing is said of what a migration does to rows.
 */
export function judgeExpansion(before: string, after: string): string[] {
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
      if (!lines.has(line) && mayRefuseRow(line)) breaches.push(`may refuse rows of ${table}: ${line}`)
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
