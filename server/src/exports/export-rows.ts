import {
  type ClientInfo,
  type Clock,
  type EpochMs,
  KeyedSemaphore,
  type Principal,
  Rejection,
  Semaphore,
  type UserId,
} from '../kernel/index.ts'

import { createWriter, type ExportCell, type ExportShape } from './shape.ts'

/** An export: its caller, its origin and its rows. */
export interface ExportRequest {
  readonly principal: Principal
  readonly origin: ClientInfo
  /** The resource, and what the file is called. */
  readonly what: string
  /** Which of its rows: the query, as it was asked. */
  readonly filters: Readonly<Record<string, unknown>>
}

/** What the audit says of an export. */
export interface BegunExport extends ExportRequest, Pick<ExportShape, 'format'> {}

interface ExportDeps {
  readonly clock: Clock
  readonly slots: ExportSlots
  /** Writes to the audit that it begins. */
  readonly record: (begun: BegunExport, nowMs: EpochMs) => Promise<void>
  /**
   * Whether a caller who was authorized at `sinceMs` would be authorized now. Throws `unavailable` when this node cannot
   * know.
   */
  readonly isStillPermitted: (request: ExportRequest, sinceMs: EpochMs) => Promise<boolean>
}

interface Table<Row> {
  readonly header: readonly string[]
  readonly shape: ExportShape
  readonly pages: AsyncIterable<readonly Row[]>
  readonly toCells: (row: Row) => readonly ExportCell[]
}

/** A slow reader would otherwise keep one going for ever, among rows that keep coming. */
const maxExportMs = 3_600_000

export type ExportRows = <Row>(request: ExportRequest, table: Table<Row>) => AsyncGenerator<string>

/**
 * A table, page by page, as fast as it is read; the first piece is its header alone. INVARIANT: the export is in
 * the audit before its first row goes out, and a caller who has lost the permission or the session gets no further
 * page. A reader that takes only the first piece, as an answer to HEAD does, is no export.
 */
export const createExportRows = ({ clock, slots, record, isStillPermitted }: ExportDeps): ExportRows =>
  async function* exportRows(request, { header, shape, pages, toCells }) {
    using _slot = slots.take(request.principal.userId)
    const sinceMs = clock.nowMs()
    const assertMayGoOn = async () => {
      if (!(await isStillPermitted(request, sinceMs)))
        throw new Rejection('invalid_token', { cause: 'rights_have_ended' })
      if (clock.nowMs() - sinceMs > maxExportMs)
        throw new Rejection('unavailable', { cause: 'export_too_long' })
    }
    // An unavailable store must be reported before the first byte goes out.
    await assertMayGoOn()
    const writer = createWriter(header, shape)
    yield writer.start
    // Before the first page is read: the export of the audit holds its own event.
    await record({ ...request, format: shape.format }, sinceMs)
    for await (const rows of pages) {
      await assertMayGoOn()
      if (rows.length > 0) yield writer.lines(rows.map(toCells))
    }
  }

const maxOfAccount = 2
const maxOfAll = 10

/** When one ends is not known; a small one is over by then. */
const retryAfterSeconds = 5

const full = () => new Rejection('too_many_requests', { retryAfterSeconds })

/**
 * Limits the exports in progress: each holds a connection and reads pages for as long as its caller takes them. In the
 * memory of this process: every node has its own.
 */
export class ExportSlots {
  readonly #all = new Semaphore({ permits: maxOfAll, maxWaiting: 0, full })
  readonly #byUser = new KeyedSemaphore<UserId>({ maxWaiting: 0, full })

  /** Rejects with `too_many_requests` when the account, or all together, have as many as they may. */
  take(userId: UserId): Disposable {
    const own = this.#byUser.tryAcquire(userId, maxOfAccount)
    const any = own && this.#all.tryAcquire()
    if (any === undefined) {
      own?.[Symbol.dispose]()
      throw full()
    }
    return {
      [Symbol.dispose]() {
        own?.[Symbol.dispose]()
        any[Symbol.dispose]()
      },
    }
  }
}
