import {
  createUser,
  deactivateUser,
  eraseUser,
  initialFields,
  type User,
  type UserStore,
} from '../../identity/index.ts'
import { firstPage, toRfc3339 } from '../../kernel/index.ts'
import {
  type CommandContext,
  type CommandOf,
  exitCode,
  formatTable,
  printLine,
  promptPassword,
} from '../index.ts'
import { findAccount, withCore } from '../with-core.ts'

export async function userCreate(
  context: CommandContext,
  command: CommandOf<'user create'>,
): Promise<number> {
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
  printLine(context.terminal.output, `created ${kind} ${user.email} with id ${user.id}`)
  return exitCode.done
}

const headings = ['id', 'email', 'name', 'state', 'roles', 'last sign-in']

export async function userList(context: CommandContext): Promise<number> {
  const { output } = context.terminal
  await withCore(context, async ({ stores: { users } }) => {
    for await (const page of pagesOf(users)) {
      const rolesOf = await users.rolesOf(page.map(user => user.id))
      const rows = page.map(user => rowOf(user, rolesOf.get(user.id) ?? []))
      output.write(formatTable(headings, rows, output.columns))
    }
  })
  return exitCode.done
}

/** A page at a time, so that a million accounts need no more memory than two hundred. */
async function* pagesOf(users: UserStore): AsyncGenerator<readonly User[]> {
  let lastId: number | undefined
  for (;;) {
    const { rows, hasNext } = await users.list(
      {},
      {
        ...firstPage(200),
        cursor: lastId === undefined ? undefined : { direction: 'after', value: lastId, id: lastId },
      },
    )
    yield rows
    lastId = rows.at(-1)?.id
    if (!hasNext) return
  }
}

const rowOf = (user: User, roles: readonly string[]): string[] => [
  String(user.id),
  user.email,
  [user.lastName, user.firstName, user.middleName].filter(Boolean).join(' '),
  [user.isActive ? 'active' : 'deactivated', user.isSuperuser && 'superuser', user.isStaff && 'staff']
    .filter(Boolean)
    .join(', '),
  roles.join(', '),
  user.lastLoginMs === null ? 'never' : toRfc3339(user.lastLoginMs).slice(0, 16),
]

export async function userDeactivate(
  context: CommandContext,
  { email }: CommandOf<'user deactivate'>,
): Promise<number> {
  const say = (line: string) => printLine(context.terminal.output, line)
  await withCore(context, async core => {
    const user = await findAccount(core, email, context.commandLine)
    if (!user.isActive) return say(`${user.email} is already deactivated`)
    await deactivateUser(core, { principal: null, origin: null }, user.id)
    say(`deactivated ${user.email} and ended all its sessions`)
  })
  return exitCode.done
}

export async function userErase(
  context: CommandContext,
  { email }: CommandOf<'user erase'>,
): Promise<number> {
  await withCore(context, async core => {
    const { id } = await findAccount(core, email, context.commandLine)
    await eraseUser(core, { principal: null, origin: null }, id)
    printLine(
      context.terminal.output,
      `erased account ${id} and ended all its sessions. The audit keeps the events about it, and backups keep what they hold.`,
    )
  })
  return exitCode.done
}
