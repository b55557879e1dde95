import { CommanderError } from 'commander'
import { printable } from '../kernel/index.ts'
import type { Command, CommandContext, CommandLoaders, CommandName, RunCommand } from './command.ts'
import { describeError, exitCode, Interrupted } from './failure.ts'
import { createProgram } from './program.ts'
import { printLine } from './terminal.ts'
import { WrongUsage, wordsFirst } from './usage.ts'

/** Runs one command line. Promises its exit code. */
export async function runCli(
  argv: readonly string[],
  context: CommandContext,
  loaders: CommandLoaders,
): Promise<number> {
  let code: number = exitCode.done
  const program = createProgram(context, async command => {
    code = await runCommand(command, context, loaders)
  })
  try {
    await program.parseAsync(wordsFirst(program, argv), { from: 'user' })
    return code
  } catch (error) {
    // The help or the version has been written.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done
    if (!(error instanceof WrongUsage)) throw error
    return printWrongUsage(context, error.message, error.about)
  }
}

/** One line that says what is wrong with the command line, and one that says where to read on. */
export function printWrongUsage(
  { terminal, commandLine }: CommandContext,
  fault: string,
  about: string,
): number {
  printLine(terminal.errors, `propusk: ${fault}`)
  printLine(terminal.errors, `See: ${commandLine(`${about} --help`.trimStart())}`)
  return exitCode.wrongUsage
}

async function runCommand(
  command: Command,
  context: CommandContext,
  loaders: CommandLoaders,
): Promise<number> {
  try {
    // The loader of a command's name gives exactly that command; the types cannot follow the lookup.
    const run = await (loaders[command.name] as () => Promise<RunCommand<CommandName>>)()
    return await run(context, command)
  } catch (error) {
    if (error instanceof Interrupted) return exitCode.interrupted
    for (const line of describeError(error)) printLine(context.terminal.errors, `propusk: ${printable(line)}`)
    return exitCode.failed
  }
}
