import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The command line of this checkout. */
export const presentMain = fileURLToPath(new URL('../../server/src/main.js', import.meta.url))
/** Only for a process that hangs: the run fails instead of waiting for ever. */
const longestStartMs = 120_000

export interface NodeOptions {
  /** Of the release that is to run. */
  readonly main?: string
  readonly directory: string
  readonly settings: Readonly<Record<string, string>>
}

/** A server as a process of its own. */
export interface ServerNode {
  readonly url: string
  readonly pid: number
  /** The last of what it said on both outputs. */
  said(): string
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
  /** SIGSTOP: its ports stay open and it does nothing. Gives the way to let it go on. */
  freeze(): () => void
}

/** `propusk serve` on a free port. Rejects with its own words when it ends before it listens. */
export async function startNode(options: NodeOptions): Promise<ServerNode> {
  const child = spawnPropusk(options, ['serve'], { PROPUSK_PORT: '0' })
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
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = await exited
    return code as number | null
  }
  try {
    const url = await promise.finally(() => clearTimeout(timer))
    return {
      url,
      pid: child.pid!,
      said,
      stop: () => end('SIGTERM'),
      kill: async () => void (await end('SIGKILL')),
      freeze() {
        child.kill('SIGSTOP')
        return () => void child.kill('SIGCONT')
      },
    }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

/** Runs a command to its end; gives the exit code and what it said. */
export async function runPropusk(
  options: NodeOptions,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; said: string }> {
  const child = spawnPropusk(options, args)
  const said = listen(child)
  child.stdin!.end(input)
  const [code] = await once(child, 'close')
  return { code: code as number | null, said: said() }
}

const spawnPropusk = (
  { main = presentMain, directory, settings }: NodeOptions,
  args: readonly string[],
  extra: Record<string, string> = {},
): ChildProcess =>
  spawn(process.execPath, [main, ...args], {
    cwd: directory,
    env: { ...environmentWithoutSettings(), ...settings, ...extra },
  })

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
