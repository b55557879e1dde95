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
 * A table as CSV, a page at a time, as fast as it is read. INVARIANT: it stands in the audit before its first byte goes
 * out, and whoever may not see the rows any more, or is signed out, gets no further page.
 */
export const createExportRows = ({ clock, slots, record, isStillPermitted }: ExportDeps): ExportRows =>
  async function* exportRows(act, { pages, toCells, ...table }) {
    using _slot = slots.take(act.principal.userId)
    const sinceMs = clock.nowMs()
    await record(act, sinceMs)
    const csv = createCsvWriter(table)
    let isFirst = true
    for await (const rows of pages) {
      if (!(await isStillPermitted(act, sinceMs)))
        throw new Refusal('invalid_token', { cause: 'rights_have_ended' })
      if (clock.nowMs() - sinceMs > mostMs) throw new Refusal('unavailable', { cause: 'export_too_long' })
      // The header with the first page, so that a store that is away then is still an answer of its own.
      yield isFirst ? csv.first(rows.map(toCells)) : csv.next(rows.map(toCells))
      isFirst = false
    }
  }
