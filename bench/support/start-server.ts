import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

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
  /** From the start of the process to the first 200 of /health/live. */
  readonly startMs: number
  /** The same for the answer that needs everything: the `readyPath` of the command, asked for after that. */
  readonly readyMs: number
  /** Ends it as an operator would, and waits for that. */
  stop(): Promise<void>
}

const giveUpMs = 20_000
const pollMs = 4

/** For servers whose start is not measured: what one of them has compiled, the next one need not. */
export function startQuickly(command: ServerCommand, directory: string): Promise<StartedServer> {
  const shared = join(tmpdir(), 'propusk-bench-cache')
  mkdirSync(shared, { recursive: true })
  return startServer(command, directory, shared)
}

/** Starts a process and waits for `GET /health/live`. `directory` is its working directory and holds its caches. */
export async function startServer(
  command: ServerCommand,
  directory: string,
  cacheDirectory: string = directory,
): Promise<StartedServer> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...command.args], {
    cwd: directory,
    // Node keeps its compile cache below TMPDIR: each cache has a first start of its own.
    env: { ...ownEnvironment(), TMPDIR: cacheDirectory, ...command.env(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // Whatever ends this process ends the server with it.
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const complaints: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  const answered = async (path: string) => {
    await firstAnswer(child, port, path, startedAt + giveUpMs)
    return performance.now() - startedAt
  }
  try {
    const startMs = await answered('/health/live')
    const readyMs = await answered(command.readyPath)
    return { pid: child.pid!, port, startMs, readyMs, stop: () => stop(child) }
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}
