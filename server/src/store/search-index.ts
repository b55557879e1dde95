import { sql } from 'kysely'
import type { Handle } from './database.ts'
import { engineOf } from './engine-of.ts'
import { containing } from './paginate.ts'
import type { Condition } from './paginate-selected.ts'

/** A search in the accounts. */
export interface Search extends Condition {
  /** What the index of SQLite is asked for where it gives `ids` in their order. */
  readonly match?: string
}

/** Nearly every three characters of a text narrow the search further; the rarest few of them narrow it enough. */
const mostTriples = 3
/** Of a long text, so many are compared. */
const mostCompared = 32
/** Each takes the planner a moment. */
const mostEstimated = 8
/** An index entry is judged by how far it reaches with so many rows: those that reach far are rare. */
const sampledRows = 100

/** Above every character, at the end of a range of texts with the same beginning. */
const last = '\u{10ffff}'

/**
 * The accounts whose email or names hold every word of the text, in whatever order: what `containing` finds, by the index
 * of migration 6. Names are kept in NFC, so the text is put into it as well.
 */
export async function searchUsers(db: Handle, searched: string): Promise<Search> {
  const words = wordsOf(searched.normalize('NFC').toLowerCase())
  const each = words.map(word => containing(sql`users.search_text`, word))
  const holds = sql<boolean>`(${sql.join(each, sql` and `)})`
  const triples = [...new Set(words.flatMap(triplesOf))]
  // Where every word is shorter than a triple.
  const text = words.reduce((longest, word) => (word.length > longest.length ? word : longest))
  if (engineOf(db) === 'postgres') {
    const lexemes = triples.length === 0 ? [`${lexeme(text)}:*`] : spread(triples, mostCompared).map(lexeme)
    const ids = sql`select id from users where ${found(lexemes.join(' & '))}`
    return { holds, ids, isExact: false, estimate: await estimateFound(db, lexemes) }
  }
  if (triples.length === 0) {
    const ids = sql`select doc from users_search_terms where term >= ${text} and term <= ${text + last + last}`
    return { holds, ids, isExact: false }
  }
  const match = (await rarest(db, spread(triples, mostCompared))).map(phrase).join(' ')
  const ids = sql`select rowid from users_search where users_search match ${match}`
  return { holds, ids, isExact: false, match }
}

/** A text of nothing but white space is one word. */
function wordsOf(text: string): readonly string[] {
  const words = text.split(/\s+/).filter(word => word !== '')
  return words.length === 0 ? [text] : words
}

/** Every three characters in a row, once. */
function triplesOf(text: string): string[] {
  const characters = [...text]
  const triples = characters.slice(2).map((_, place) => characters.slice(place, place + 3).join(''))
  return [...new Set(triples)]
}

const spread = (triples: readonly string[], most: number): readonly string[] =>
  triples.length <= most
    ? triples
    : Array.from({ length: most }, (_, place) => triples[Math.floor((place * triples.length) / most)]!)

/** FTS5 steps through the entries of all triples at once, so that frequent ones only slow it down. */
async function rarest(db: Handle, triples: readonly string[]): Promise<readonly string[]> {
  if (triples.length <= mostTriples) return triples
  const reach = sql`(select rowid from users_search
    where users_search match '"' || replace(value, '"', '""') || '"' limit 1 offset ${sampledRows})`
  const { rows } = await sql<{ value: string }>`
    select value from json_each(${JSON.stringify(triples)})
    order by ${reach} desc nulls first limit ${mostTriples}`.execute(db)
  return rows.map(({ value }) => value)
}

const found = (query: string) => sql<boolean>`search_triples(search_text) @@ ${query}::tsquery`

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
}

/**
 * No more than PostgreSQL expects to find of the rarest: for all together it expects too few, as if one triple had
 * nothing to do with the next. A GIN index collects all that it finds before it gives the first, so nothing is counted.
 */
async function estimateFound(db: Handle, lexemes: readonly string[]): Promise<number> {
  const each = spread(lexemes, mostEstimated).map(query => sql`select id from users where ${found(query)}`)
  const { rows } = await sql<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>`
    explain (format json) ${sql.join(each, sql` union all `)}`.execute(db)
  return Math.min(...scansOf(rows[0]!['QUERY PLAN'][0]!.Plan).map(scan => scan['Plan Rows']))
}

/** Those of the index: what it is not asked for is expected in nearly every row. */
const scansOf = (node: PlanNode): PlanNode[] => [
  ...(node['Node Type'] === 'Bitmap Index Scan' ? [node] : []),
  ...(node.Plans ?? []).flatMap(scansOf),
]

/** FTS5: a string, in which nothing but the quotation mark has a meaning (https://www.sqlite.org/fts5.html, section 3.1). */
const phrase = (triple: string): string => `"${triple.replaceAll('"', '""')}"`

/** PostgreSQL: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY */
const lexeme = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
