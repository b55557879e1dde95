import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import type { Environment } from '../config/index.ts'
import type { Terminal } from './terminal.ts'

/** A command line that was understood. Values are as they were typed; the use case validates them. */
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
  | { readonly name: 'user promote'; readonly email: string; readonly staff: boolean }
  | { readonly name: 'user reset-password'; readonly email: string; readonly link: boolean }
  | { readonly name: 'user reset-factors'; readonly email: string }
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

/** A command as a file of `commands/` exports it. Promises the exit code; what it throws becomes lines on stderr and a 1. */
export type RunCommand<Name extends CommandName> = (
  context: CommandContext,
  command: CommandOf<Name>,
) => Promise<number>

/** Where the commands are. Each is loaded only when it is called, so that `--help` does not load a server. */
export type CommandLoaders = { readonly [Name in CommandName]: () => Promise<RunCommand<Name>> }

/** A command of ours, such as `keys rotate`, as the reader of a message can type it: `npx propusk keys rotate`. */
export type CommandLine = (command: string) => string

/** What npm and Node tell a process about how it was started. */
interface Start {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Tells from the start of this process how to type another command: in a checkout, through npm, by the path of the single
 * executable, or by its name alone.
 */
export function commandLineOf({ argv: [, script = ''], env }: Start, isExecutable = isSea()): CommandLine {
  // Node gives an executable the path that was typed in the place of the script.
  if (isExecutable) return command => `${script} ${command}`.trimEnd()
  if (isCheckout(script)) return inCheckout
  // npm puts node_modules/.bin on the PATH of what it starts; outside of it the reader's shell does not find the name.
  const isThroughNpm =
    env.npm_command !== undefined ||
    env.npm_lifecycle_event !== undefined ||
    script.includes(join('node_modules', '.bin'))
  const name = isThroughNpm ? 'npx propusk' : 'propusk'
  return command => `${name} ${command}`.trimEnd()
}

/** The scripts of the workspace's package.json. */
function inCheckout(command: string): string {
  if (command === 'serve') return 'npm start'
  if (command === 'demo') return 'npm run demo'
  return `npm run cli -- ${command}`.trimEnd()
}

/** Whether the script belongs to a checkout of this repository: its sources or its build. */
function isCheckout(script: string): boolean {
  const [, root] = /^(.*)[\\/]server[\\/](?:src|dist)[\\/][\w.-]+\.m?js$/.exec(script) ?? []
  if (root === undefined) return false
  try {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name === 'propusk-workspace'
  } catch {
    return false
  }
}
