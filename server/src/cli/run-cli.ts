import type { Environment } from '../config/index.ts'
import { printable } from '../kernel/index.ts'
import type { Command, CommandName, CommandOf } from './command.ts'
import { Interrupted } from './command-failure.ts'
import { describeError } from './describe-error.ts'
import { exitCode } from './exit-code.ts'
import { helpText } from './help.ts'
import { parseArguments } from './parse-arguments.ts'
import { printLine, type Terminal } from './terminal.ts'

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  /** The environment with the `.env` file under it, not yet judged: `doctor` must be able to run on wrong settings. */
  readonly env: Environment
  readonly version: string
}

/** What a file of `commands/` exports. `run` promises the exit code; what it throws becomes lines on stderr and a 1. */
export interface CommandModule<Name extends CommandName> {
  run(context: CommandContext, command: CommandOf<Name>): Promise<number>
}

/** Where the commands are. Each is loaded only when it is called, so that `--help` does not load a server. */
export type CommandLoaders = { readonly [Name in CommandName]: () => Promise<CommandModule<Name>> }

/** Runs one command line. Promises its exit code and never rejects. */
export async function runCli(
  argv: readonly string[],
  context: CommandContext,
  loaders: CommandLoaders,
): Promise<number> {
  const { output, errors } = context.terminal
  const request = parseArguments(argv)
  switch (request.kind) {
    case 'help':
      output.write(helpText(request.about))
      return exitCode.done
    case 'version':
      printLine(output, context.version)
      return exitCode.done
    case 'wrong usage':
      printLine(errors, `propusk: ${request.fault}`)
      printLine(errors, `See: propusk ${request.about === undefined ? '' : `${request.about} `}--help`)
      return exitCode.wrongUsage
    case 'command':
      return runCommand(request.command, context, loaders)
  }
}

async function runCommand(
  command: Command,
  context: CommandContext,
  loaders: CommandLoaders,
): Promise<number> {
  try {
    // The loader of a command's name gives the module for exactly that command; the types cannot follow the lookup.
    const load = loaders[command.name] as () => Promise<CommandModule<CommandName>>
    const { run } = await load()
    return await run(context, command)
  } catch (error) {
    if (error instanceof Interrupted) return exitCode.interrupted
    for (const line of describeError(error)) printLine(context.terminal.errors, `propusk: ${printable(line)}`)
    return exitCode.failed
  }
}
