import type { Core } from './core.ts'
import { type BegunExport, createExportRows, type ExportRows, ExportSlots } from './exports/index.ts'
import type { LedgerFollowing } from './follow-ledger.ts'
import type { EpochMs } from './kernel/index.ts'
import { stillPermitted } from './request-guard.ts'

interface Exports {
  readonly exportSlots: ExportSlots
  readonly exportRows: ExportRows
}

/** Exports of lists: so many at once on this node, each in the audit, each ended with the right to it. */
export function openExports(
  core: Core,
  { gate, follower }: Pick<LedgerFollowing, 'gate' | 'follower'>,
): Exports {
  const { clock, stores } = core
  const exportSlots = new ExportSlots()
  const isStillPermitted = stillPermitted({ gate, follower, clock, stores })
  const exportRows = createExportRows({
    clock,
    slots: exportSlots,
    record: recordExport(core),
    isStillPermitted: ({ principal, what }, sinceMs) =>
      isStillPermitted(principal, { resource: what, action: 'read' }, sinceMs),
  })
  return { exportSlots, exportRows }
}

/** Each export is an event of the audit, with the caller and the filters. */
const recordExport =
  ({ transaction }: Core) =>
  ({ principal, origin, what, filters, format }: BegunExport, nowMs: EpochMs): Promise<void> =>
    transaction(({ audit }) =>
      audit.append(
        {
          actorId: principal.userId,
          action: 'data.export',
          target: what,
          origin,
          details: { format, filters },
        },
        nowMs,
      ),
    )
