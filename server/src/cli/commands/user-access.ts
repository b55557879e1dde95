import type { Core } from '../../core.ts'
import { resetFactors } from '../../factors/index.ts'
import { updateUser } from '../../identity/index.ts'
import { toRfc3339, type UserId } from '../../kernel/index.ts'
import { createProofSecrets } from '../../proofs/index.ts'
import { resetOfUser } from '../../recovery/index.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import { findAccount, masterKeyIn, withCore } from '../with-core.ts'

/** Who works at the command line has no account and no address. */
const caller = { principal: null, origin: null }

export async function userPromote(
  context: CommandContext,
  { email, staff }: CommandOf<'user promote'>,
): Promise<number> {
  await withCore(context, async core => {
    const { id, isActive } = await findAccount(core, email, context.commandLine)
    if (!isActive) throw closed(email)
    const changes = { isSuperuser: true, ...(staff && { isStaff: true }) }
    const after = await updateUser(core, caller, { userId: id, changes })
    printLine(
      context.terminal.output,
      `${after.email} is a superuser${after.isStaff ? ' and staff' : ''}. If they are signed in, they see it once they reload the page`,
    )
  })
  return exitCode.done
}

export async function userResetPassword(
  context: CommandContext,
  { email, link: wantsLink }: CommandOf<'user reset-password'>,
): Promise<number> {
  const { output } = context.terminal
  await withCore(context, async core => {
    const { id, isActive } = await findAccount(core, email, context.commandLine)
    if (!isActive) throw closed(email)
    const secrets = createProofSecrets(masterKeyIn(core), core.config.publicUrl)
    const by = wantsLink ? 'link' : undefined
    const { link, expiresAtMs } = await resetOfUser({ ...core, secrets }, caller, { userId: id, by })
    const until = `${toRfc3339(expiresAtMs).slice(0, 16)}Z`
    printLine(output, `the password of account ${id} no longer works, and all its sessions have ended`)
    if (link === null)
      printLine(output, `an email to ${email} is on its way; its link works once, until ${until}`)
    else printLine(output, `open this link, or hand it over; it works once, until ${until}:\n${link}`)
    if (!(await hasFactor(core, id))) return
    printLine(
      output,
      `its second factor is still required; if it is lost: ${context.commandLine(`user reset-factors ${email}`)}`,
    )
  })
  return exitCode.done
}

const hasFactor = ({ stores }: Core, userId: UserId): Promise<boolean> => stores.factors.isOn(userId)

export async function userResetFactors(
  context: CommandContext,
  { email }: CommandOf<'user reset-factors'>,
): Promise<number> {
  await withCore(context, async core => {
    const { id } = await findAccount(core, email, context.commandLine)
    const reset = { userId: id, reason: 'by the command line' }
    const count = await resetFactors(core, caller, reset)
    printLine(
      context.terminal.output,
      count === 0
        ? `account ${id} has no second factor`
        : `removed ${count === 1 ? 'the second factor' : `${count} second factors`} of account ${id}: its password alone is now enough to sign in`,
    )
  })
  return exitCode.done
}

const closed = (email: string): CommandFailure =>
  new CommandFailure(
    `The account ${email} is deactivated: a superuser has to reactivate it first, on its page in the console.`,
  )
