import { cutAudit, deleteCut } from '../../audit/index.ts'
import { sealSignerOf } from '../../audit-sealing.ts'
import type { Core } from '../../core.ts'
import { toRfc3339 } from '../../kernel/index.ts'
import { findAuditFault } from '../find-audit-fault.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import { masterKeyIn, withCore } from '../with-core.ts'

/** Cuts off the events of the audit that were sealed before a day, and deletes them. */
export async function run(context: CommandContext, { before }: CommandOf<'audit cut'>): Promise<number> {
  const beforeMs = toDay(before)
  const done = await withCore(context, core => {
    // A typing error must not take what is new.
    if (beforeMs > core.clock.nowMs()) throw new CommandFailure(`${before} lies ahead: nothing was cut.`)
    return cutBefore(core, { before, beforeMs }, context.commandLine)
  })
  const until = done.throughEventId === undefined ? '' : ` up to event ${done.throughEventId}`
  printLine(
    context.terminal.output,
    done.events === 0
      ? `no event was sealed before ${before}: nothing was cut`
      : `cut off ${done.events.toLocaleString('en')} events${until}, and deleted them; their seals stay`,
  )
  return exitCode.done
}

/** The first instant of a day of UTC. */
function toDay(text: string): number {
  const dayMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // `2026-02-31` is read by some as a day in March.
  if (!Number.isNaN(dayMs) && toRfc3339(dayMs).startsWith(text)) return dayMs
  throw new CommandFailure('DATE is a day such as 2026-01-31: what was sealed before it begins (UTC) is cut.')
}

interface Before {
  readonly before: string
  readonly beforeMs: number
}

async function cutBefore(
  core: Core,
  { before, beforeMs }: Before,
  commandLine: CommandContext['commandLine'],
): Promise<{ events: number; throughEventId: number | undefined }> {
  const signer = sealSignerOf(masterKeyIn(core))
  const fault = await findAuditFault(core, signer)
  if (fault !== undefined) {
    throw new CommandFailure(`Nothing was cut: ${fault}. Look at the whole: ${commandLine('audit verify')}`)
  }
  const nowMs = core.clock.nowMs()
  const deps = { seals: core.stores.seals, transaction: core.transaction, signer }
  const rule = { beforeMs, rule: `audit cut --before ${before}`, nowMs }
  let events = 0
  let throughEventId: number | undefined
  for (;;) {
    const cut = await cutAudit(deps, rule)
    if (cut === undefined) break
    events += cut.eventCount
    throughEventId = cut.throughEventId
    while ((await deleteCut(deps)) > 0) {}
  }
  return { events, throughEventId }
}
