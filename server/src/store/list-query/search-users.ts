import { type RawBuilder, sql } from 'kysely'
import type { Handle } from '../database.ts'
import { engineOf } from '../engine.ts'
import type { ListFilter } from './paginate-filtered.ts'

/** The search in the accounts as a filter. */
interface UserSearch extends ListFilter {
  /** The FTS5 query behind `candidateIds`, on SQLite; its index gives the ids in their order. */
  readonly match?: string
}

/** Nearly every trigram of a text narrows the search further; the rarest few of them narrow it enough. */
const mostTrigrams = 3
/** Of a long text, so many are compared. */
const mostCompared = 32
/** Each takes the planner a moment. */
const mostEstimated = 8
/** A trigram is rare if its first so many rows reach far into the table. */
const sampledRows = 100

/** Above every character: the end of a range of texts with the same beginning. */
const highest = '\u{10ffff}'

/** A LIKE pattern that finds the text anywhere, with LIKE's own signs taken literally. For columns in lower case. */
export const containing = (column: RawBuilder<unknown>, searched: string): RawBuilder<boolean> => {
  const literal = searched.toLowerCase().replace(/[\\%_]/g, sign => `\\${sign}`)
  return sql<boolean>`${column} like ${`%${literal}%`} escape '\\'`
}

/**
 * The accounts whose email or names hold every word of the text, in any order. `containing` decides; the trigram index of
 * migration 6 gives the candidates (ADR 21). Names are kept in NFC, so the text is put into it as well.
 */
export async function searchUsers(db: Handle, searched: string): Promise<UserSearch> {
  const words = splitWords(searched.normalize('NFC').toLowerCase())
  const each = words.map(word => containing(sql`users.search_text`, word))
  const predicate = sql<boolean>`(${sql.join(each, sql` and `)})`
  const trigrams = [...new Set(words.flatMap(trigramsOf))]
  // Where every word is shorter than a trigram.
  const longest = words.reduce((found, word) => (word.length > found.length ? word : found))
  if (engineOf(db) === 'postgres') {
    const lexemes =
      trigrams.length === 0 ? [`${lexeme(longest)}:*`] : spread(trigrams, mostCompared).map(lexeme)
    const candidateIds = sql`select id from users where ${matches(lexemes.join(' & '))}`
    return { predicate, candidateIds, isExact: false, estimatedRows: await estimateRows(db, lexemes) }
  }
  if (trigrams.length === 0) {
    const end = longest + highest + highest
    const candidateIds = sql`select doc from users_search_terms where term >= ${longest} and term <= ${end}`
    return { predicate, candidateIds, isExact: false }
  }
  const match = (await findRarest(db, spread(trigrams, mostCompared))).map(phrase).join(' ')
  const candidateIds = sql`select rowid from users_search where users_search match ${match}`
  return { predicate, candidateIds, isExact: false, match }
}

/** A text of nothing but white space is one word. */
function splitWords(text: string): readonly string[] {
  const words = text.split(/\s+/).filter(word => word !== '')
  return words.length === 0 ? [text] : words
}

/** Every three characters in a row, once. */
function trigramsOf(text: string): string[] {
  const characters = [...text]
  const trigrams = characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''))
  return [...new Set(trigrams)]
}

const spread = (trigrams: readonly string[], most: number): readonly string[] =>
  trigrams.length <= most
    ? trigrams
    : Array.from({ length: most }, (_, index) => trigrams[Math.floor((index * trigrams.length) / most)]!)

/** FTS5 steps through the entries of all trigrams at once, so frequent ones only slow it down. */
async function findRarest(db: Handle, trigrams: readonly string[]): Promise<readonly string[]> {
  if (trigrams.length <= mostTrigrams) return trigrams
  const reach = sql`(select rowid from users_search
    where users_search match '"' || replace(value, '"', '""') || '"' limit 1 offset ${sampledRows})`
  const { rows } = await sql<{ value: string }>`
    select value from json_each(${JSON.stringify(trigrams)})
    order by ${reach} desc nulls first limit ${mostTrigrams}`.execute(db)
  return rows.map(({ value }) => value)
}

const matches = (query: string) => sql<boolean>`search_triples(search_text) @@ ${query}::tsquery`

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
}

/**
 * No more than PostgreSQL expects to find of the rarest trigram. For all together it expects too few, as if they were
 * independent. A GIN index collects everything before it gives the first row, so nothing is counted.
 */
async function estimateRows(db: Handle, lexemes: readonly string[]): Promise<number> {
  const each = spread(lexemes, mostEstimated).map(query => sql`select id from users where ${matches(query)}`)
  const { rows } = await sql<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>`
    explain (format json) ${sql.join(each, sql` union all `)}`.execute(db)
  return Math.min(...indexScansOf(rows[0]!['QUERY PLAN'][0]!.Plan).map(scan => scan['Plan Rows']))
}

/** Only the scans of the index: for a term that it is not asked for, PostgreSQL expects nearly every row. */
const indexScansOf = (node: PlanNode): PlanNode[] => [
  ...(node['Node Type'] === 'Bitmap Index Scan' ? [node] : []),
  ...(node.Plans ?? []).flatMap(indexScansOf),
]

/** FTS5: a string, in which nothing but the quotation mark has a meaning (https://www.sqlite.org/fts5.html, section 3.1). */
const phrase = (trigram: string): string => `"${trigram.replaceAll('"', '""')}"`

/** PostgreSQL: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY */
const lexeme = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
