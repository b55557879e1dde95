import { type Clock, type EpochMs, type Origin, type Principal, Refusal } from '../kernel/index.ts'
import { type CsvCell, type CsvTable, createCsvWriter } from './csv.ts'
import type { ExportSlots } from './export-slots.ts'

/** Who takes what out of the house. */
export interface ExportAct {
  readonly principal: Principal
  readonly origin: Origin
  /** The resource, and what the file is called. */
  readonly what: string
  /** Which of its rows: the query, as it was asked. */
  readonly filters: Readonly<Record<string, unknown>>
}

export interface ExportDeps {
  readonly clock: Clock
  readonly slots: ExportSlots
  /** Writes to the audit that it begins. */
  readonly record: (act: ExportAct, nowMs: EpochMs) => Promise<void>
  /** Whether somebody who was let in at `sinceMs` would be let in now. Throws `unavailable` when nobody can know. */
  readonly isStillPermitted: (act: ExportAct, sinceMs: EpochMs) => Promise<boolean>
}

export interface Table<Row> extends CsvTable {
  readonly pages: AsyncIterable<readonly Row[]>
  readonly toCells: (row: Row) => readonly CsvCell[]
}

/** A slow reader would otherwise keep one going for ever, among rows that keep coming. */
const mostMs = 3_600_000

export type ExportRows = <Row>(act: ExportAct, table: Table<Row>) => AsyncGenerator<string>

/**
 * A table as CSV, a page at a time, as fast as it is read; its header alone is the first piece. INVARIANT: it stands in
 * the audit before its first row goes out, and whoever may not see the rows any more, or is signed out, gets no further
 * page. What takes the first piece and no more, as an answer to HEAD does, is no export.
 */
export const createExportRows = ({ clock, slots, record, isStillPermitted }: ExportDeps): ExportRows =>
  async function* exportRows(act, { pages, toCells, ...table }) {
    using _slot = slots.take(act.principal.userId)
    const sinceMs = clock.nowMs()
    const assertMayGoOn = async () => {
      if (!(await isStillPermitted(act, sinceMs)))
        throw new Refusal('invalid_token', { cause: 'rights_have_ended' })
      if (clock.nowMs() - sinceMs > mostMs) throw new Refusal('unavailable', { cause: 'export_too_long' })
    }
    // What is to be said of a store that is away is said before anything has gone out.
    await assertMayGoOn()
    const csv = createCsvWriter(table)
    yield csv.first([])
    // Before the first page is read: the export of the audit holds its own event.
    await record(act, sinceMs)
    for await (const rows of pages) {
      await assertMayGoOn()
      if (rows.length > 0) yield csv.next(rows.map(toCells))
    }
  }
