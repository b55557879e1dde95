import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Started {
  readonly url: string
  /** Ends the process; resolves when it has ended. */
  stop(): Promise<void>
}

const main = join(import.meta.dirname, '../../server/dist/main.js')

/** Starts `propusk demo` with an empty database in the folder. `more` are settings beside or instead of the usual ones. */
export function startDemo(
  folder: string,
  port: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Started> {
  mkdirSync(folder, { recursive: true })
  const settings = {
    PROPUSK_PORT: String(port),
    // The issuer of its tokens, which the gate is given.
    PROPUSK_PUBLIC_URL: `http://127.0.0.1:${port}`,
    PROPUSK_DATABASE_URL: `sqlite:${join(folder, 'demo.db')}`,
    ...more,
  }
  return start([main, 'demo'], { folder, settings, listening: /Server listening at (http:\S+?)["\s]/ })
}

export interface ExampleSettings {
  readonly issuer: string
  /** SECRET: an API key that holds `changes:read`. */
  readonly key: string
  readonly port: number
}

/** Starts an installed example as its `npm start` does. */
export function startExample(folder: string, { issuer, key, port }: ExampleSettings): Promise<Started> {
  const settings = { PROPUSK_URL: issuer, PROPUSK_KEY: key, PORT: String(port) }
  return start(['--run', 'start'], { folder, settings, listening: /^Listening at (http:\S+)/ })
}

interface Program {
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  /** The line by which it says that it listens, and where. */
  readonly listening: RegExp
}

async function start(args: readonly string[], { folder, settings, listening }: Program): Promise<Started> {
  const { PATH, HOME, TMPDIR } = process.env
  const env = { PATH, HOME, TMPDIR, ...settings }
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  process.once('exit', () => kill(child))
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', line => {
        lines.push(line)
        const [, found] = listening.exec(`${line}\n`) ?? []
        if (found !== undefined) resolve(found)
      })
    }
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`ended with ${code}:\n${lines.join('\n')}`)))
  })
  return { url, stop: () => stop(child) }
}

/** Starts a program that prints to this terminal. Gives what ends it. */
export function startProgram(program: string, args: readonly string[]): Started['stop'] {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
  process.once('exit', () => kill(child))
  return () => stop(child)
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    kill(child)
  })
}

/** The whole group: `node --run` has a child of its own. */
function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid)
  } catch {
    // It has ended.
  }
}
