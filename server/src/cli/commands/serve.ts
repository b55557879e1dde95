import type { Server } from '../../compose.ts'
import { settings } from '../../config/index.ts'
import { Rejection } from '../../kernel/index.ts'
import { type CommandContext, printLine } from '../index.ts'
import { runServer } from '../run-server.ts'

/** Serves until SIGINT or SIGTERM. */
export async function serve(context: CommandContext): Promise<number> {
  return await runServer(context, { announce: (server, address) => announce(context, server, address) })
}

const levelsWithAddress: readonly string[] = ['info', 'debug', 'trace']

async function announce(context: CommandContext, server: Server, address: string): Promise<void> {
  const { terminal, commandLine } = context
  const { config } = server.core
  // The log names the address too, unless its level is higher; and the port that 0 took cannot be guessed.
  if (config.port === 0 && !levelsWithAddress.includes(config.logLevel)) {
    printLine(terminal.output, `Server listening at ${address}`)
  }
  await announceSetup(context, server, address)
  // Loaded when the server listens already: a start without the demo does not wait for its files.
  const { openDemoAccount } = await import('../../demo/index.ts')
  const demoEmail = await openDemoAccount(server.core)
  if (demoEmail !== undefined) {
    printLine(
      terminal.errors,
      `Warning: ${demoEmail} has the demo password, which anyone can read. Use another database, or deactivate the account: ${commandLine(`user deactivate ${demoEmail}`)}`,
    )
  }
}

/**
 * Prints how the first superuser is made, where there is none (ADR 26). SECRET: the link goes to the terminal alone, never
 * through the log.
 */
async function announceSetup(
  { terminal: { output, errors }, commandLine }: CommandContext,
  { core, setup }: Server,
  address: string,
): Promise<void> {
  const superuserCommand = commandLine('user create you@example.org --superuser --staff')
  try {
    const link = await setup.print(reachableUrl(core.config, address))
    if (link === undefined) return
    printLine(
      output,
      'There is no superuser yet. Create the first one with this link; it works once, for an hour:',
    )
    printLine(output, `  ${link}`)
    printLine(output, `or with this command: ${superuserCommand}`)
  } catch (error) {
    // A database that takes no writes at this moment: the server serves all the same.
    if (!(error instanceof Rejection)) throw error
    printLine(
      errors,
      `Warning: no link for the first superuser could be made, because the database cannot be written to. If there is no superuser yet, start again, or run: ${superuserCommand}`,
    )
  }
}

/** The public URL; but the port that was taken, where the public URL was not set and is for another one. */
function reachableUrl({ publicUrl }: Server['core']['config'], address: string): string {
  const standard = settings.find(({ name }) => name === 'PROPUSK_PUBLIC_URL')?.default
  const { port } = new URL(address)
  if (publicUrl !== standard || new URL(standard).port === port) return publicUrl
  return `http://localhost:${port}`
}
