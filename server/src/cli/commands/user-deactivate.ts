import { deactivateUser, parseKnownEmail } from '../../identity/index.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext, { email }: CommandOf<'user deactivate'>): Promise<number> {
  await withCore(context, async core => {
    const address = parseKnownEmail(email)
    const found = address === undefined ? undefined : await core.stores.users.findByEmail(address)
    if (found === undefined) {
      throw new CommandFailure(
        `There is no account ${email}. See them all: ${context.commandLine('user list')}`,
      )
    }
    if (!found.user.isActive) {
      printLine(context.terminal.output, `${found.user.email} is closed already`)
      return
    }
    await deactivateUser(core, { principal: null, origin: null }, found.user.id)
    printLine(context.terminal.output, `closed ${found.user.email} and logged it out everywhere`)
  })
  return exitCode.done
}
