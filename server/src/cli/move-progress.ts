import { systemClock, type TimeSource } from '../kernel/index.ts'
import type { MoveStep, MoveWatcher } from '../store/index.ts'
import { printLine, type Terminal } from './terminal.ts'

const barColumns = 24
/** Often enough for the eye. */
const redrawMs = 100
/** A rate over less says nothing. */
const leastElapsedMs = 500

const doing = { copy: 'copying', check: 'checking' } as const satisfies Record<MoveStep, string>
const done = { copy: 'copied', check: 'compared' } as const satisfies Record<MoveStep, string>

type Interval = Pick<TimeSource, 'monotonicMs'>

/** How far one step is. */
interface Progress {
  readonly step: MoveStep
  readonly totalRows: number
  readonly rows: number
  readonly table: string
  readonly elapsedMs: number
}

/** A bar that is drawn over itself on a terminal, and elsewhere a line for each table that is done. */
export function moveProgress(output: Terminal['output'], clock: Interval = systemClock): MoveWatcher {
  return output.isTTY === true ? drawing(output, clock) : listing(output)
}

function listing(output: Terminal['output']): MoveWatcher {
  return {
    begins: (step, totalRows) => printLine(output, `${doing[step]} ${inGroups(totalRows)} rows`),
    advances() {},
    finishes: (step, table, rows) => printLine(output, `${done[step]} ${table}: ${inGroups(rows)} rows`),
  }
}

function drawing(output: Terminal['output'], clock: Interval): MoveWatcher {
  let step: MoveStep = 'copy'
  let totalRows = 0
  let rows = 0
  let beganAtMs = 0
  let drawnAtMs = 0
  const draw = (table: string) => {
    drawnAtMs = clock.monotonicMs()
    const line = progressLine({ step, totalRows, rows, table, elapsedMs: drawnAtMs - beganAtMs })
    // To the line's start, and after the text away with what an earlier, longer one has left.
    output.write(`\r${line.slice(0, (output.columns ?? 80) - 1)}\u001b[K`)
  }
  return {
    begins(nextStep, total) {
      step = nextStep
      totalRows = total
      rows = 0
      beganAtMs = clock.monotonicMs()
      draw('')
    },
    advances(table, more) {
      rows += more
      if (clock.monotonicMs() - drawnAtMs >= redrawMs) draw(table)
    },
    finishes(_, table) {
      if (rows < totalRows) return
      draw(table)
    },
  }
}

/** `copying  [#####-----]  50%  1,000 of 2,000 rows  500 rows/s  2 s left  users` */
export function progressLine({ step, totalRows, rows, table, elapsedMs }: Progress): string {
  const share = totalRows === 0 ? 1 : Math.min(1, rows / totalRows)
  const filled = Math.round(share * barColumns)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(barColumns - filled)}]`
  const parts = [
    doing[step],
    bar,
    `${Math.floor(share * 100)}%`,
    `${inGroups(rows)} of ${inGroups(totalRows)} rows`,
  ]
  if (elapsedMs >= leastElapsedMs && rows > 0) {
    const rowsPerSecond = (rows * 1_000) / elapsedMs
    parts.push(`${inGroups(Math.round(rowsPerSecond))} rows/s`)
    parts.push(`${Math.ceil((totalRows - rows) / rowsPerSecond)} s left`)
  }
  return [...parts, table].join('  ').trimEnd()
}

export const inGroups = (count: number): string => count.toLocaleString('en')
