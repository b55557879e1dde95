export type {
  Command,
  CommandContext,
  CommandLoaders,
  CommandModule,
  CommandName,
  CommandOf,
} from './command.ts'
export { CommandFailure, Interrupted } from './command-failure.ts'
export { exitCode } from './exit-code.ts'
export { formatTable } from './format-table.ts'
export { type CommandLine, commandLineOf } from './program-name.ts'
export { promptPassword } from './prompt-password.ts'
export { runCli, tellWrongUsage } from './run-cli.ts'
export { printLine, type Terminal } from './terminal.ts'
