import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type AuditReport,
  type AuditSigner,
  type Checkpoint,
  cutAudit,
  deleteCut,
  describeAuditFault,
  readCheckpoint,
  verifyAudit,
  writeCheckpoint,
} from '../../audit/index.ts'
import type { Core } from '../../core.ts'
import { printable, toRfc3339 } from '../../kernel/index.ts'
import { auditSignerOf, findAuditFault } from '../../node-audit.ts'
import {
  type CommandContext,
  CommandFailure,
  type CommandLine,
  type CommandOf,
  exitCode,
  printLine,
} from '../index.ts'
import { settleNames, writeSecret } from '../sqlite-files.ts'
import type { Terminal } from '../terminal.ts'
import { masterKeyIn, withCore } from '../with-core.ts'

/** Compares every sealed event of the audit with its seal, and the chain with a checkpoint. Changes nothing. */
export async function auditVerify(
  context: CommandContext,
  { checkpoint: file }: CommandOf<'audit verify'>,
): Promise<number> {
  const checkpoint = file === undefined ? undefined : readFrom(file)
  return await withCore(context, core => verify(core, context.terminal, checkpoint))
}

async function verify(core: Core, terminal: Terminal, checkpoint: Checkpoint | undefined): Promise<number> {
  const { signer, why } = presentSigner(core)
  const report = await verifyAudit({
    chain: core.stores.chain,
    present: signer,
    checkpoint,
    onProgress: (chain, events) =>
      showProgress(terminal, `${amount(chain, 'seal')}, ${amount(events, 'event')}`),
  })
  showProgress(terminal, '')
  // What a tampered seal says of itself must not drive the terminal.
  for (const fault of report.faults) {
    printLine(terminal.output, `WRONG  ${printable(describeAuditFault(fault))}`)
  }
  const known = await findAuditFault(core, signer)
  if (known !== undefined) printLine(terminal.output, `WRONG  ${known}`)
  const isWhole = report.faults.length === 0 && known === undefined
  for (const line of summary(report, isWhole, why)) printLine(terminal.output, line)
  return isWhole && report.areSignaturesChecked ? exitCode.done : exitCode.failed
}

function readFrom(file: string): Checkpoint {
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`)
  const checkpoint = readCheckpoint(readFileSync(file, 'utf8'))
  if (checkpoint === undefined) {
    throw new CommandFailure(
      `${file} is no checkpoint, or it was changed: its signature does not fit what it says.`,
    )
  }
  return checkpoint
}

/** The signing key, or why there is none: the hashes can be compared without it. */
function presentSigner(core: Core): { signer?: AuditSigner; why?: string } {
  try {
    return { signer: auditSignerOf(masterKeyIn(core)) }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

function summary(report: AuditReport, isWhole: boolean, why: string | undefined): string[] {
  const { faults, isComplete, linkCount, eventCount, newest, unlinkedCount, areSignaturesChecked } = report
  const { cut, uncutCount } = report
  if (!isComplete) return ['and so on: the rest was not checked']
  // The newest seal of a chain that is not whole may say anything of its time.
  const until =
    newest &&
    faults.length === 0 &&
    ` up to event ${newest.lastEventId}, sealed at ${toRfc3339(newest.linkedAtMs)}`
  const lines = [
    `${amount(linkCount, 'seal')} over ${amount(eventCount, 'event')}${until || ''}`,
    `${amount(unlinkedCount, 'newer event')} not sealed yet: a running server seals within two minutes`,
  ]
  if (cut !== undefined) {
    const when = `cut off at ${toRfc3339(cut.cutAtMs)} by ${printable(cut.rule)}`
    lines.push(`the events up to ${cut.throughEventId} were ${when}; their seals are there`)
  }
  if (uncutCount > 0) {
    lines.push(`${amount(uncutCount, 'event')} of them not deleted yet: a running server does within minutes`)
  }
  if (!areSignaturesChecked) {
    lines.push(
      `WRONG  the signatures were not checked, and without them whoever can write to the database could have made the whole chain. ${why}`,
    )
  }
  if (isWhole && linkCount > 0) lines.push('every sealed event is as it was when it was sealed')
  return lines
}

const amount = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`

/** One line that is written over, where a person watches. */
function showProgress({ output, errors }: Terminal, text: string): void {
  if (output.isTTY) errors.write(`\r\u001b[K${text}`)
}

/** Gives the newest seal of the audit, signed, to be kept elsewhere: into a new file, or on standard output. */
export async function auditCheckpoint(
  context: CommandContext,
  { file }: CommandOf<'audit checkpoint'>,
): Promise<number> {
  const { output, errors } = context.terminal
  const target = file === undefined ? undefined : refusePlace(resolve(file))
  const { link, text } = await withCore(context, core => newestLink(core, context.commandLine))
  if (target === undefined) output.write(text)
  else {
    writeSecret(target, Buffer.from(text))
    settleNames(target)
    printLine(output, `wrote ${target}: seal ${link.position}, up to event ${link.lastEventId}`)
  }
  printLine(
    errors,
    `sealed at ${toRfc3339(link.linkedAtMs)}. Keep it out of reach of anyone who can write to the database.`,
  )
  return exitCode.done
}

function refusePlace(target: string): string {
  if (!existsSync(dirname(target))) throw new CommandFailure(`There is no directory ${dirname(target)}.`)
  if (existsSync(target)) {
    throw new CommandFailure(
      `${target} exists already, and a checkpoint overwrites nothing. Choose another name.`,
    )
  }
  return target
}

async function newestLink(core: Core, commandLine: CommandLine) {
  const link = await core.stores.chain.newest()
  if (link === undefined) {
    throw new CommandFailure(
      'Nothing of the audit is sealed yet: a running server seals it, about two minutes after its first start.',
    )
  }
  const signer = auditSignerOf(masterKeyIn(core))
  if (!signer.hasSigned(link)) {
    throw new CommandFailure(
      `Seal ${link.position}, the newest, is not signed with the present master key. Look at the whole: ${commandLine('audit verify')}`,
    )
  }
  return { link, text: writeCheckpoint(link, signer) }
}

/** Cuts off the events of the audit that were sealed before a day, and deletes them. */
export async function auditCut(context: CommandContext, { before }: CommandOf<'audit cut'>): Promise<number> {
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
  const signer = auditSignerOf(masterKeyIn(core))
  const fault = await findAuditFault(core, signer)
  if (fault !== undefined) {
    throw new CommandFailure(`Nothing was cut: ${fault}. Look at the whole: ${commandLine('audit verify')}`)
  }
  const nowMs = core.clock.nowMs()
  const deps = { chain: core.stores.chain, transaction: core.transaction, signer }
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
