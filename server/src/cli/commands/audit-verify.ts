import { existsSync, readFileSync } from 'node:fs'
import {
  type AuditReport,
  type Checkpoint,
  describeAuditFault,
  readCheckpoint,
  type SealSigner,
  verifyAudit,
} from '../../audit/index.ts'
import { sealSignerOf } from '../../audit-sealing.ts'
import type { Core } from '../../core.ts'
import { printable, toRfc3339 } from '../../kernel/index.ts'
import { findAuditFault } from '../find-audit-fault.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import type { Terminal } from '../terminal.ts'
import { masterKeyIn, withCore } from '../with-core.ts'

/** Compares every sealed event of the audit with its seal, and the chain with a checkpoint. Changes nothing. */
export async function run(
  context: CommandContext,
  { checkpoint: file }: CommandOf<'audit verify'>,
): Promise<number> {
  const checkpoint = file === undefined ? undefined : readFrom(file)
  return await withCore(context, core => verify(core, context.terminal, checkpoint))
}

async function verify(core: Core, terminal: Terminal, checkpoint: Checkpoint | undefined): Promise<number> {
  const { signer, why } = presentSigner(core)
  const report = await verifyAudit({
    seals: core.stores.seals,
    present: signer,
    checkpoint,
    onProgress: (seals, events) =>
      showProgress(terminal, `${amount(seals, 'seal')}, ${amount(events, 'event')}`),
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
function presentSigner(core: Core): { signer?: SealSigner; why?: string } {
  try {
    return { signer: sealSignerOf(masterKeyIn(core)) }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

function summary(report: AuditReport, isWhole: boolean, why: string | undefined): string[] {
  const { faults, isComplete, sealCount, eventCount, newest, unsealedCount, areSignaturesChecked } = report
  const { cut, uncutCount } = report
  if (!isComplete) return ['and so on: the rest was not looked at']
  // The newest seal of a chain that is not whole may say anything of its time.
  const until =
    newest &&
    faults.length === 0 &&
    ` up to event ${newest.lastEventId}, sealed at ${toRfc3339(newest.sealedAtMs)}`
  const lines = [
    `${amount(sealCount, 'seal')} over ${amount(eventCount, 'event')}${until || ''}`,
    `${amount(unsealedCount, 'newer event')} not sealed yet: a running server seals within two minutes`,
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
  if (isWhole && sealCount > 0) lines.push('every sealed event is as it was when it was sealed')
  return lines
}

const amount = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`

/** One line that is written over, where a person watches. */
function showProgress({ output, errors }: Terminal, text: string): void {
  if (output.isTTY) errors.write(`\r\u001b[K${text}`)
}
