import type { Server } from '../../compose.ts'
import { isDemoDatabase } from '../../demo/index.ts'
import { type CommandContext, printLine } from '../index.ts'
import { runServer } from '../run-server.ts'

/** Serves until SIGINT or SIGTERM. */
export async function run(context: CommandContext): Promise<number> {
  return await runServer(context, { announce: ({ core }) => announce(context, core) })
}

async function announce({ terminal }: CommandContext, { stores }: Server['core']): Promise<void> {
  if (await isEmpty(stores)) {
    printLine(
      terminal.errors,
      'There is no account yet. Make the first superuser: npm run cli -- user create you@example.org --superuser --staff',
    )
  }
  if (await isDemoDatabase(stores)) {
    printLine(
      terminal.errors,
      'Warning: this database holds the demo accounts, whose passwords anybody can read. Use another database, or close them: npm run cli -- user deactivate EMAIL',
    )
  }
}

async function isEmpty({ users }: Server['core']['stores']): Promise<boolean> {
  const page = await users.list(
    {},
    { limit: 1, ordering: { column: 'id', descending: false }, edge: undefined, search: undefined },
  )
  return page.rows.length === 0
}
