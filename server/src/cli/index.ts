export {
  type CommandContext,
  type CommandLine,
  type CommandLoaders,
  type CommandOf,
  commandLineOf,
} from './command.ts'
export { CommandFailure, exitCode } from './failure.ts'
export { promptPassword } from './prompt-password.ts'
export { printWrongUsage, runCli } from './run-cli.ts'
export { formatTable, printLine } from './terminal.ts'
