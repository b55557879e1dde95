/** How many rows of one kind the document holds: the newest. */
export const mostRows = 10_000

/** The newest rows of a list, and whether there are no more. */
interface Newest<Row> {
  readonly rows: readonly Row[]
  readonly isComplete: boolean
}

/** Reads no page beyond the one that has the last row. `pages` begin with the newest. */
export async function takeNewest<Row>(
  pages: AsyncIterable<readonly Row[]>,
  most = mostRows,
): Promise<Newest<Row>> {
  const rows: Row[] = []
  for await (const page of pages) {
    rows.push(...page)
    if (rows.length > most) break
  }
  return { rows: rows.slice(0, most), isComplete: rows.length <= most }
}

interface Dated {
  readonly id: number
  readonly atMs: number
}

/** Several lists of events as one: each event once, the newest first. */
export function mergeNewest<Event extends Dated>(
  lists: readonly Newest<Event>[],
  most = mostRows,
): Newest<Event> {
  const byId = new Map(lists.flatMap(({ rows }) => rows).map(event => [event.id, event]))
  const rows = [...byId.values()].toSorted((left, right) => right.atMs - left.atMs || right.id - left.id)
  return {
    rows: rows.slice(0, most),
    isComplete: lists.every(({ isComplete }) => isComplete) && rows.length <= most,
  }
}
