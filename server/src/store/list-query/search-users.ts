import { type RawBuilder, sql } from 'kysely'
import type { Handle } from '../database.ts'
import { engineOf } from '../engine.ts'
import type { ListFilter } from './paginate-filtered.ts'
import { spellingsOf } from './spellings.ts'

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
/** And of each other spelling, so many. */
const mostOfOthers = 2
/** Of a long text, so many words are searched for in their other spellings. */
const mostSpelled = 5
/** Of the spellings of several words, so many together are looked up. */
const mostCombinations = 16
/** A trigram is rare if its first so many rows reach far into the table. */
const sampledRows = 100

/** Above every character: the end of a range of texts with the same beginning. */
const highest = '\u{10ffff}'

/** A LIKE pattern that finds the text anywhere, with LIKE's own signs taken literally. For columns in lower case. */
export const containing = (column: RawBuilder<unknown>, searched: string): RawBuilder<boolean> => {
  const literal = searched.toLowerCase().replace(/[\\%_]/g, sign => `\\${sign}`)
  return sql<boolean>`${column} like ${`%${literal}%`} escape '\\'`
}

/** A word as it was typed, or one of its other spellings. */
interface Spelling {
  readonly text: string
  readonly trigrams: readonly string[]
}

/** A word of the search: what it may be instead stands behind what was typed. */
type Word = readonly Spelling[]

/**
 * The accounts whose email or names hold every word of the text, in any order, as it was typed or in another spelling (ADR
 * 52). `containing` decides; the trigram index of migration 6 gives the candidates (ADR 21). Names are kept in NFC, so the
 * text is put into it as well.
 */
export async function searchUsers(db: Handle, searched: string): Promise<UserSearch> {
  const words = splitWords(searched.normalize('NFC').toLowerCase()).map(spell)
  return engineOf(db) === 'postgres' ? await searchPostgres(db, words) : await searchSqlite(db, words)
}

async function searchPostgres(db: Handle, words: readonly Word[]): Promise<UserSearch> {
  const narrowing = narrowingOf(words)
  const candidateIds = sql`select id from users where ${matches(narrowing.map(wordQuery).join(' & '))}`
  return {
    predicate: holdsEvery(words),
    candidateIds,
    isExact: false,
    estimatedRows: await estimateRows(db, narrowing),
  }
}

async function searchSqlite(db: Handle, typed: readonly Word[]): Promise<UserSearch> {
  const reaches = await reachesOf(db, typed)
  const words = withoutAbsent(typed, reaches)
  const predicate = holdsEvery(words)
  const narrowing = narrowingOf(words)
  const short = narrowing.flat().filter(({ trigrams }) => trigrams.length === 0)
  const match = matchOf(short.length === 0 ? narrowing : narrowing.map(hasTrigrams), reaches)
  const found = match === '' ? [] : [sql`select rowid from users_search where users_search match ${match}`]
  if (short.length === 0) return { predicate, candidateIds: found[0]!, isExact: false, match }
  const ranges = short.map(
    ({ text }) =>
      sql`select doc from users_search_terms where term >= ${text} and term <= ${text + highest + highest}`,
  )
  return { predicate, candidateIds: sql.join([...found, ...ranges], sql` union all `), isExact: false }
}

/** A text of nothing but white space is one word. */
function splitWords(text: string): readonly string[] {
  const words = text.split(/\s+/).filter(word => word !== '')
  return words.length === 0 ? [text] : words
}

const spell = (word: string, place: number): Word =>
  (place < mostSpelled ? spellingsOf(word) : [word]).map(text => ({ text, trigrams: trigramsOf(text) }))

const holdsEvery = (words: readonly Word[]): RawBuilder<boolean> => {
  const holds = (word: Word) =>
    sql`(${sql.join(
      word.map(({ text }) => containing(sql`users.search_text`, text)),
      sql` or `,
    )})`
  return sql<boolean>`(${sql.join(words.map(holds), sql` and `)})`
}

const hasTrigrams = (word: Word): Word => word.filter(({ trigrams }) => trigrams.length > 0)

/** The words that the index narrows the search by. Where each may be shorter than a trigram, the longest of them. */
function narrowingOf(words: readonly Word[]): readonly Word[] {
  const long = words.filter(word => hasTrigrams(word).length === word.length)
  const longest = () =>
    words.reduce((found, word) => (word[0]!.text.length > found[0]!.text.length ? word : found))
  return long.length > 0 ? long : [longest()]
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

/** Of a trigram. */
interface Reach {
  /** How many accounts have it, up to one more than `sampledRows`. */
  readonly rows: number
  /** The id of the last of these. */
  readonly lastId: number
}

type Reaches = ReadonlyMap<string, Reach>

async function reachesOf(db: Handle, words: readonly Word[]): Promise<Reaches> {
  const trigrams = new Set(words.flat().flatMap(spelling => spread(spelling.trigrams, mostCompared)))
  const { rows } = await sql<{ trigram: string; reach: string }>`
    select value as trigram, (select json_array(count(*), max(rowid)) from (select rowid from users_search
      where users_search match '"' || replace(value, '"', '""') || '"' limit ${sampledRows + 1})) as reach
    from json_each(${JSON.stringify([...trigrams])})`.execute(db)
  return new Map(
    rows.map(({ trigram, reach }) => {
      const [rows, lastId] = JSON.parse(reach) as [number, number | null]
      return [trigram, { rows, lastId: lastId ?? 0 }]
    }),
  )
}

/** What was typed, and of the other spellings those whose trigrams accounts have: hardly ever more than one. */
const withoutAbsent = (words: readonly Word[], reaches: Reaches): readonly Word[] => {
  const isPresent = ({ trigrams }: Spelling) => trigrams.every(trigram => reaches.get(trigram)?.rows !== 0)
  return words.map(([typed, ...others]) => [typed!, ...others.filter(isPresent)])
}

/**
 * The FTS5 query for accounts that have every word in one of its spellings: of each combination the rarest trigrams.
 * FTS5 steps through the entries of all trigrams at once, so frequent ones only slow it down.
 */
const matchOf = (words: readonly Word[], reaches: Reaches): string =>
  combine(words)
    .map(trigrams => rarest(trigrams, reaches))
    .map(trigrams => `(${trigrams.map(phrase).join(' AND ')})`)
    .join(' OR ')

/** The trigrams of every combination of spellings, one spelling of each word. Words that make too many are left out. */
function combine(words: readonly Word[]): readonly (readonly string[])[] {
  const byChoices = words.toSorted((one, other) => one.length - other.length)
  return byChoices.reduce<readonly (readonly string[])[]>((combined, word, place) => {
    if (place > 0 && combined.length * word.length > mostCombinations) return combined
    const before = place === 0 ? [[]] : combined
    return before.flatMap(trigrams => word.map(spelling => [...trigrams, ...spelling.trigrams]))
  }, [])
}

/** Those that fewer accounts have than are counted, and then those whose first accounts reach furthest. */
const rarest = (trigrams: readonly string[], reaches: Reaches): readonly string[] => {
  const placeOf = (trigram: string) => {
    const { rows, lastId } = reaches.get(trigram)!
    return rows > sampledRows ? lastId : Number.MAX_SAFE_INTEGER
  }
  return [...new Set(trigrams)]
    .filter(trigram => reaches.has(trigram))
    .toSorted((one, other) => placeOf(other) - placeOf(one))
    .slice(0, mostTrigrams)
}

const matches = (query: string) => sql<boolean>`search_triples(search_text) @@ ${query}::tsquery`

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
}

/** PostgreSQL: every trigram of one of the spellings; a beginning of a trigram of what is shorter. */
const wordQuery = (word: Word): string => {
  const spelled = word.map(spelling => lexemesOf(spelling).join(' & '))
  return spelled.length === 1 ? spelled[0]! : `(${spelled.join(' | ')})`
}

const lexemesOf = ({ text, trigrams }: Spelling): readonly string[] =>
  trigrams.length === 0 ? [`${lexeme(text)}:*`] : spread(trigrams, mostCompared).map(lexeme)

/**
 * No more than PostgreSQL expects to find of the rarest trigram of a word, in the spelling that most have. For all together
 * it expects too few, as if they were independent. A GIN index collects everything before it gives the first row, so
 * nothing is counted.
 */
async function estimateRows(db: Handle, words: readonly Word[]): Promise<number> {
  const asked = words.map(word =>
    word.map((spelling, place) => spread(lexemesOf(spelling), place === 0 ? mostEstimated : mostOfOthers)),
  )
  const queries = [...new Set(asked.flat(2))]
  const counts = queries.map(query => sql`(select count(*) from users where ${matches(query)})`)
  const { rows } = await sql<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>`
    explain (format json) select ${sql.join(counts)}`.execute(db)
  // One plan for each count, in their order.
  const plans = rows[0]!['QUERY PLAN'][0]!.Plan.Plans!
  const expected = new Map(queries.map((query, place) => [query, expectedRows(plans[place]!)]))
  const fewest = (some: readonly string[]) => Math.min(...some.map(query => expected.get(query)!))
  return Math.min(...asked.map(word => Math.max(...word.map(fewest))))
}

/** Only the scan of the index: for a term that it is not asked for, PostgreSQL expects nearly every row. */
const expectedRows = (node: PlanNode): number =>
  node['Node Type'] === 'Bitmap Index Scan'
    ? node['Plan Rows']
    : Math.min(...(node.Plans ?? []).map(expectedRows))

/** FTS5: a string, in which nothing but the quotation mark has a meaning (https://www.sqlite.org/fts5.html, section 3.1). */
const phrase = (trigram: string): string => `"${trigram.replaceAll('"', '""')}"`

/** PostgreSQL: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY */
const lexeme = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
