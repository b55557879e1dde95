import type { Server } from '../../compose.ts'
import { firstPage } from '../../kernel/index.ts'
import { type CommandContext, printLine } from '../index.ts'
import { runServer } from '../run-server.ts'

/** Serves until SIGINT or SIGTERM. */
export async function run(context: CommandContext): Promise<number> {
  return await runServer(context, { announce: ({ core }, address) => announce(context, core, address) })
}

const levelsWithAddress: readonly string[] = ['info', 'debug', 'trace']

async function announce(
  { terminal, commandLine }: CommandContext,
  core: Server['core'],
  address: string,
): Promise<void> {
  // The log names the address too, unless it is told to say less; and nobody can guess the port that 0 took.
  if (core.config.port === 0 && !levelsWithAddress.includes(core.config.logLevel)) {
    printLine(terminal.output, `Server listening at ${address}`)
  }
  if (await isEmpty(core.stores)) {
    printLine(
      terminal.errors,
      `There is no account yet. Make the first superuser: ${commandLine('user create you@example.org --superuser --staff')}`,
    )
  }
  // Loaded when the server listens already: a start without the demo does not wait for its files.
  const { openDemoAccount } = await import('../../demo/index.ts')
  const demoEmail = await openDemoAccount(core)
  if (demoEmail !== undefined) {
    printLine(
      terminal.errors,
      `Warning: ${demoEmail} has the demo password, which anybody can read. Use another database, or close the account: ${commandLine(`user deactivate ${demoEmail}`)}`,
    )
  }
}

async function isEmpty({ users }: Server['core']['stores']): Promise<boolean> {
  const page = await users.list({}, firstPage(1))
  return page.rows.length === 0
}
