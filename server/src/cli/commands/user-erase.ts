import { eraseUser } from '../../identity/index.ts'
import { findAccount } from '../find-account.ts'
import { type CommandContext, type CommandOf, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext, { email }: CommandOf<'user erase'>): Promise<number> {
  await withCore(context, async core => {
    const { id } = await findAccount(core, email, context.commandLine)
    await eraseUser(core, { principal: null, origin: null }, id)
    printLine(
      context.terminal.output,
      `erased account ${id} and logged it out everywhere. The audit keeps what it has recorded about it, and backups what they hold.`,
    )
  })
  return exitCode.done
}
