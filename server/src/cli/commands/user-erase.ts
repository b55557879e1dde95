import { eraseUser, parseKnownEmail } from '../../identity/index.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext, { email }: CommandOf<'user erase'>): Promise<number> {
  await withCore(context, async core => {
    const address = parseKnownEmail(email)
    const found = address === undefined ? undefined : await core.stores.users.findByEmail(address)
    if (found === undefined) {
      throw new CommandFailure(
        `There is no account ${email}. See them all: ${context.commandLine('user list')}`,
      )
    }
    const { id } = found.user
    await eraseUser(core, { principal: null, origin: null }, id)
    printLine(
      context.terminal.output,
      `erased account ${id} and logged it out everywhere. The audit keeps what it has recorded about it, and backups what they hold.`,
    )
  })
  return exitCode.done
}
