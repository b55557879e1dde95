import type { User, UserStore } from '../../identity/index.ts'
import { firstPage, toRfc3339 } from '../../kernel/index.ts'
import { type CommandContext, exitCode, formatTable } from '../index.ts'
import { withCore } from '../with-core.ts'

const headings = ['id', 'email', 'name', 'state', 'roles', 'last sign-in']

export async function run(context: CommandContext): Promise<number> {
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
  [user.isActive ? 'active' : 'closed', user.isSuperuser && 'superuser', user.isStaff && 'staff']
    .filter(Boolean)
    .join(', '),
  roles.join(', '),
  user.lastLoginMs === null ? 'never' : toRfc3339(user.lastLoginMs).slice(0, 16),
]
