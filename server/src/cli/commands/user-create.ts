import { createUser, initialFields } from '../../identity/index.ts'
import { type CommandContext, type CommandOf, exitCode, printLine, promptPassword } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext, command: CommandOf<'user create'>): Promise<number> {
  const password = await promptPassword(context.terminal)
  const user = await withCore(context, core =>
    createUser(
      { ...core, users: core.stores.users, passwordMinLength: core.config.passwordMinLength },
      { principal: null, origin: null },
      {
        ...initialFields,
        email: command.email,
        password,
        isStaff: command.staff,
        isSuperuser: command.superuser,
        roles: [],
      },
    ),
  )
  const kind = user.isSuperuser ? 'superuser' : user.isStaff ? 'staff account' : 'account'
  printLine(context.terminal.output, `made ${kind} ${user.email} with id ${user.id}`)
  return exitCode.done
}
