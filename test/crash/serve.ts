import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Place } from './testbed.ts'

const mainFile = fileURLToPath(new URL('../../server/src/main.js', import.meta.url))
/** Only for a process that hangs: the run fails instead of waiting for ever. */
const longestStartMs = 120_000

export interface Served {
  readonly url: string
  /** From the start of the process until it listens. */
  readonly startMs: number
  /** SIGKILL; resolves once the process is gone. */
  kill(): Promise<void>
}

/** A process that is starting: it may be killed at any moment. */
export interface Starting {
  readonly listening: Promise<Served>
  kill(): Promise<void>
}

/** `propusk serve` in a place. */
export function launch(place: Place): Starting {
  const startedAt = performance.now()
  const child = spawnPropusk(place, ['serve'], { PROPUSK_PORT: '0' })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const listening = untilListening(child).then(url => ({ url, startMs: performance.now() - startedAt, kill }))
  // Whoever kills it while it starts does not wait for it.
  listening.catch(() => {})
  return { listening, kill }
}

/** Runs a command to its end. Throws with its own words when it fails. */
export async function runCommand(place: Place, args: readonly string[], input: string): Promise<void> {
  const child = spawnPropusk(place, args)
  const said = listen(child)
  child.stdin!.end(input)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`propusk ${args.join(' ')} ended with ${code}:\n${said()}`)
}

const spawnPropusk = (
  place: Place,
  args: readonly string[],
  settings: Record<string, string> = {},
): ChildProcess =>
  spawn(process.execPath, [mainFile, ...args], {
    cwd: place.directory,
    env: { ...environmentWithoutSettings(), ...place.settings, ...settings },
  })

async function untilListening(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const said = listen(child, text => {
    const url = /Server listening at (http:\/\/[\w.:[\]]+)/.exec(text)?.[1]
    if (url !== undefined) resolve(url)
  })
  child.once('exit', (code, signal) =>
    reject(new Error(`The server ended with ${code ?? signal}:\n${said()}`)),
  )
  const timer = setTimeout(
    () => reject(new Error(`No start in ${longestStartMs} ms:\n${said()}`)),
    longestStartMs,
  )
  return await promise.finally(() => clearTimeout(timer))
}

/** The last of what a process says on both outputs. */
function listen(child: ChildProcess, onText: (text: string) => void = () => {}): () => string {
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text = (text + chunk).slice(-8_000)
      onText(text)
    })
  }
  return () => text
}

const environmentWithoutSettings = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PROPUSK_|NODE_)/.test(name)))
