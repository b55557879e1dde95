import type { AuditEvent } from '@propusk/client'

export interface Grouped {
  /** The newest of each row of repeats, and every other event. */
  readonly rows: readonly AuditEvent[]
  /** By the id of such a newest event: those that it stands for. */
  readonly repeats: ReadonlyMap<number, readonly AuditEvent[]>
}

/** A row stands for no more, so that each page of the list brings rows, and the list is read on. */
const mostAlike = 50

/** Fewer than so many alike are shown one by one. */
const fewestAlike = 3

/**
 * Attempts that failed alike one after the other, such as guesses at one password, as the newest of them. What went well is
 * never left out. `opened` holds the ids of the oldest of those that are shown all the same.
 */
export function groupRepeats(events: readonly AuditEvent[], opened: ReadonlySet<number>): Grouped {
  const rows: AuditEvent[] = []
  const repeats = new Map<number, readonly AuditEvent[]>()
  for (const alike of runsOf(events)) {
    const [newest, ...others] = alike
    if (alike.length < fewestAlike || opened.has(alike.at(-1)!.id)) {
      rows.push(...alike)
    } else {
      rows.push(newest!)
      repeats.set(newest!.id, others)
    }
  }
  return { rows, repeats }
}

function runsOf(events: readonly AuditEvent[]): readonly (readonly AuditEvent[])[] {
  const runs: AuditEvent[][] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last !== undefined && last.length < mostAlike && areAlike(last[0]!, event)) last.push(event)
    else runs.push([event])
  }
  return runs
}

const areAlike = (left: AuditEvent, right: AuditEvent): boolean =>
  left.outcome !== 'success' &&
  left.outcome === right.outcome &&
  left.action === right.action &&
  left.target === right.target &&
  left.actor?.id === right.actor?.id &&
  left.ip_address === right.ip_address &&
  JSON.stringify(left.details) === JSON.stringify(right.details)
