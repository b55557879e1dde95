export type {
  CommandContext,
  CommandLoaders,
  CommandOf,
} from './command.ts'
export { type CommandLine, commandLineOf } from './command.ts'
export { CommandFailure, exitCode } from './failure.ts'
export { promptPassword } from './prompt-password.ts'
export { printWrongUsage, runCli } from './run-cli.ts'
export { formatTable, printLine } from './terminal.ts'
