export type {
  Command,
  CommandContext,
  CommandLoaders,
  CommandName,
  CommandOf,
} from './command.ts'
export { type CommandLine, commandLineOf } from './command.ts'
export { CommandFailure, exitCode, Interrupted } from './failure.ts'
export { promptPassword } from './prompt-password.ts'
export { printWrongUsage, runCli } from './run-cli.ts'
export { formatTable, printLine, type Terminal } from './terminal.ts'
