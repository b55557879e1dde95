import type { Environment } from '../config/index.ts'
import type { CommandLine } from './program-name.ts'
import type { Terminal } from './terminal.ts'

/** A command line that was understood. Values are as they were typed; the use case judges them. */
export type Command =
  | { readonly name: 'serve' }
  | { readonly name: 'migrate' }
  | { readonly name: 'demo' }
  | {
      readonly name: 'user create'
      readonly email: string
      readonly superuser: boolean
      readonly staff: boolean
    }
  | { readonly name: 'user list' }
  | { readonly name: 'user deactivate'; readonly email: string }
  | { readonly name: 'user erase'; readonly email: string }
  | { readonly name: 'keys rotate'; readonly now: boolean }
  | { readonly name: 'audit verify'; readonly checkpoint: string | undefined }
  | { readonly name: 'audit checkpoint'; readonly file: string | undefined }
  | { readonly name: 'audit cut'; readonly before: string }
  | { readonly name: 'backup'; readonly file: string }
  | { readonly name: 'restore'; readonly file: string }
  | { readonly name: 'move'; readonly to: string | undefined }
  | { readonly name: 'doctor' }

export type CommandName = Command['name']

/** The command of one name: what its `run` is given. */
export type CommandOf<Name extends CommandName> = Extract<Command, { readonly name: Name }>

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  /** The environment with the `.env` file under it, not yet checked: `doctor` must be able to run on wrong settings. */
  readonly env: Environment
  readonly version: string
  /** How the reader of a message types another command. */
  readonly commandLine: CommandLine
}

/** What a file of `commands/` exports. `run` promises the exit code; what it throws becomes lines on stderr and a 1. */
export interface CommandModule<Name extends CommandName> {
  run(context: CommandContext, command: CommandOf<Name>): Promise<number>
}

/** Where the commands are. Each is loaded only when it is called, so that `--help` does not load a server. */
export type CommandLoaders = { readonly [Name in CommandName]: () => Promise<CommandModule<Name>> }
