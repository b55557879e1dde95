import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'

/** A server as a command line: what follows `node`, and the variables it needs. */
export interface ServerCommand {
  readonly name: string
  readonly args: readonly string[]
  env(port: number): Readonly<Record<string, string>>
  /** Answers 200 once the server can do all that it is for. */
  readonly readyPath: string
}

export interface StartedServer {
  readonly pid: number
  readonly port: number
  /** From the start of the process to the first 200 of the `readyPath` of its command. */
  readonly readyMs: number
  /** Ends it as an operator would, and waits for that. */
  stop(): Promise<void>
}

const giveUpMs = 20_000
const pollMs = 4

/** Starts a process and waits until it is ready. `directory` is its working directory. */
export async function startServer(command: ServerCommand, directory: string): Promise<StartedServer> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...command.args], {
    cwd: directory,
    env: { ...ownEnvironment(), ...command.env(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // Whatever ends this process ends the server with it.
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const complaints: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  try {
    await firstAnswer(child, port, command.readyPath, startedAt + giveUpMs)
    return { pid: child.pid!, port, readyMs: performance.now() - startedAt, stop: () => stop(child) }
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`${command.name} did not start. It says: ${Buffer.concat(complaints)}`, { cause: error })
  }
}

/** This process's variables without settings of ours: a bench measures the defaults. */
const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PROPUSK_|NODE_)/.test(name)))

async function firstAnswer(child: ChildProcess, port: number, path: string, deadline: number): Promise<void> {
  while (!(await answers200(port, path))) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`)
    if (performance.now() > deadline) throw new Error(`No answer within ${giveUpMs} ms.`)
    await sleep(pollMs)
  }
}

const answers200 = (port: number, path: string): Promise<boolean> =>
  new Promise(resolve => {
    get({ host: '127.0.0.1', port, path, agent: false }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200)
    }).on('error', () => resolve(false))
  })

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
