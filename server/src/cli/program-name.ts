import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSea } from 'node:sea'

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
