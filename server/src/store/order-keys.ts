import { type RawBuilder, sql } from 'kysely'

/**
 * The two expressions that a list is ordered by, and the same one twice where the id alone orders it. `value` is never
 * null: wrap a nullable column in COALESCE.
 */
export interface OrderKeys {
  readonly value: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  /** True where no index has them, and everything is sorted anyway. */
  readonly isSorted?: boolean
}

/** A row by its place in the order of a list. */
export interface Position {
  readonly value: unknown
  readonly id: number
}

/** Some of the rows, one after the other by the value and then by the id, or by the id alone where all have one value. */
export interface Run {
  readonly where: RawBuilder<boolean> | undefined
  readonly isOfOneValue: boolean
}

/**
 * The rows behind `start`, up to `end` and with it, in pieces that follow one another and that both engines find in an
 * index on value and id: equal values first, then the further ones. One comparison of pairs would say it all, but SQLite
 * takes no more than the first half of it to the index, and nothing of an expression.
 */
export function runsBetween(
  { value, id, isSorted = false }: OrderKeys,
  descending: boolean,
  start: Position | undefined,
  end: Position | undefined,
): readonly Run[] {
  const [beyond, before] = descending ? [sql`<`, sql`>`] : [sql`>`, sql`<`]
  const behindId = start && sql<boolean>`${id} ${beyond} ${start.id}`
  const upToId = end && sql<boolean>`${id} ${before}= ${end.id}`
  const ofOne = (shared: unknown, ...ids: Conditions): Run => ({
    where: all(sql<boolean>`${value} = ${shared}`, ...ids),
    isOfOneValue: true,
  })
  if (value === id) return [{ where: all(behindId, upToId), isOfOneValue: true }]
  if (isSorted) {
    const pair = sql`(${value}, ${id})`
    return [
      {
        where: all(
          start && sql<boolean>`${pair} ${beyond} (${start.value}, ${start.id})`,
          end && sql<boolean>`${pair} ${before}= (${end.value}, ${end.id})`,
        ),
        isOfOneValue: false,
      },
    ]
  }
  if (start !== undefined && start.value === end?.value) return [ofOne(start.value, behindId, upToId)]
  const between = all(
    start && sql<boolean>`${value} ${beyond} ${start.value}`,
    end && sql<boolean>`${value} ${before} ${end.value}`,
  )
  return [
    ...(start === undefined ? [] : [ofOne(start.value, behindId)]),
    { where: between, isOfOneValue: false },
    ...(end === undefined ? [] : [ofOne(end.value, upToId)]),
  ]
}

type Conditions = readonly (RawBuilder<boolean> | undefined)[]

function all(...conditions: Conditions): RawBuilder<boolean> | undefined {
  const present = conditions.filter(condition => condition !== undefined)
  return present.length === 0 ? undefined : sql<boolean>`${sql.join(present, sql` and `)}`
}
