import { deactivateUser } from '../../identity/index.ts'
import { findAccount } from '../find-account.ts'
import { type CommandContext, type CommandOf, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext, { email }: CommandOf<'user deactivate'>): Promise<number> {
  const say = (line: string) => printLine(context.terminal.output, line)
  await withCore(context, async core => {
    const user = await findAccount(core, email, context.commandLine)
    if (!user.isActive) return say(`${user.email} is closed already`)
    await deactivateUser(core, { principal: null, origin: null }, user.id)
    say(`closed ${user.email} and logged it out everywhere`)
  })
  return exitCode.done
}
