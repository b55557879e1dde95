import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from '../../support/build.ts'

await build('console', 'server')

const mainFile = fileURLToPath(new URL('../../../server/dist/main.js', import.meta.url))
/** Another Node.js than the tests', such as the lowest that the package promises: `npm run commands:lowest`. */
const node = resolve(process.env.COMMANDS_NODE ?? process.execPath)
/** Only for a process that hangs: the test fails instead of waiting for ever. */
const longestWaitMs = 120_000

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export interface Propusk {
  readonly url: string
  readonly pid: number
  /** Nobody reads its standard output and standard error any more. */
  closePipes(): void
  /** Standard output and standard error so far. */
  out(): string
  err(): string
  /** Resolves when standard output or standard error holds this. */
  says(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  ended(): Promise<Ended>
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** A directory where commands run: their `.env` and their `data/` are in it. Commands see no setting but these. */
export interface Workplace {
  readonly directory: string
  /** Runs a command to its end. */
  run(args: string, input?: string, settings?: Record<string, string>): Promise<Ended>
  /** The same, with standard output closed before the command writes to it. */
  runUnread(args: string): Promise<Ended>
  /** Starts `serve` or `demo` on a free port and waits until it listens. */
  start(command?: 'serve' | 'demo', settings?: Record<string, string>): Promise<Propusk>
}

const directories: string[] = []
const running = new Set<ChildProcess>()

after(async () => {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

interface WorkplaceOptions {
  /** A command and its arguments that run each of ours, such as `nsenter` or `prlimit`. */
  readonly through?: readonly string[]
  /** What is run in the place of the server's main file, such as an executable. */
  readonly program?: readonly string[]
}

export function workplace(
  shared: Record<string, string> = {},
  { through = [], program: main = [node, mainFile] }: WorkplaceOptions = {},
): Workplace {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-commands-'))
  directories.push(directory)
  const launch = (args: string, settings: Record<string, string>) => {
    const [program, ...rest] = [...through, ...main, ...args.split(' ').filter(Boolean)]
    const env = { ...environmentWithoutSettings(), ...shared, ...settings }
    return watch(spawn(program!, rest, { cwd: directory, env }))
  }
  return {
    directory,
    async run(args, input = '', settings = {}) {
      const watched = launch(args, settings)
      watched.child.stdin?.end(input)
      return await watched.ended()
    },
    async runUnread(args) {
      const watched = launch(args, {})
      watched.child.stdout?.destroy()
      return await watched.ended()
    },
    async start(command = 'serve', settings = {}) {
      const { child, ...watched } = launch(command, { PROPUSK_PORT: '0', ...settings })
      await watched.says(/Server listening at/)
      const url = /Server listening at (http:\/\/[\w.:[\]]+)/.exec(watched.out())?.[1]
      assert.ok(url, watched.out())
      const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
        child.kill(signal)
        return watched.ended()
      }
      const closePipes = () => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }
      return { ...watched, url, pid: child.pid!, closePipes, kill: signal => void child.kill(signal), stop }
    },
  }
}

function watch(child: ChildProcess) {
  running.add(child)
  let out = ''
  let err = ''
  let end: Ended | undefined
  const waiting = new Set<() => void>()
  const news = () => {
    for (const look of waiting) look()
  }
  child.stdout?.setEncoding('utf8').on('data', text => {
    out += text
    news()
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    err += text
    news()
  })
  child.on('close', (code, signal) => {
    running.delete(child)
    end = { code, signal, out, err }
    news()
  })

  /** Looks at once and after each sign of life. */
  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const give = () => {
        const found = look()
        if (found === undefined && end === undefined) return
        clearTimeout(timer)
        waiting.delete(give)
        if (found === undefined) reject(new Error(`The process ended before it ${what}:\n${out}${err}`))
        else resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(give)
        reject(new Error(`In ${longestWaitMs} ms the process has not ${what}:\n${out}${err}`))
      }, longestWaitMs)
      waiting.add(give)
      give()
    })

  return {
    child,
    out: () => out,
    err: () => err,
    says: async (pattern: RegExp) => {
      await until(`said ${pattern}`, () => pattern.test(out) || pattern.test(err) || undefined)
    },
    ended: () => until('ended', () => end),
  }
}

const environmentWithoutSettings = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PROPUSK_|NODE_)/.test(name)))
