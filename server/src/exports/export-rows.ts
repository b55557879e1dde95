import { type Clock, type EpochMs, type Origin, type Principal, Rejection } from '../kernel/index.ts'
import { type CsvCell, type CsvTable, createCsvWriter } from './csv.ts'
import type { ExportSlots } from './export-slots.ts'

/** An export: its caller, its origin and its rows. */
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
  /**
   * Whether a caller who was admitted at `sinceMs` would be admitted now. Throws `unavailable` when this node cannot
   * know.
   */
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
 * A table as CSV, page by page, as fast as it is read; the first piece is its header alone. INVARIANT: the export is in
 * the audit before its first row goes out, and a caller who has lost the permission or the session gets no further
 * page. A reader that takes only the first piece, as an answer to HEAD does, is no export.
 */
export const createExportRows = ({ clock, slots, record, isStillPermitted }: ExportDeps): ExportRows =>
  async function* exportRows(act, { pages, toCells, ...table }) {
    using _slot = slots.take(act.principal.userId)
    const sinceMs = clock.nowMs()
    const assertMayGoOn = async () => {
      if (!(await isStillPermitted(act, sinceMs)))
        throw new Rejection('invalid_token', { cause: 'rights_have_ended' })
      if (clock.nowMs() - sinceMs > mostMs) throw new Rejection('unavailable', { cause: 'export_too_long' })
    }
    // An unavailable store must be reported before the first byte goes out.
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
