import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { type Answer, AnswerReader } from './answer-reader.ts'
import { cpuTimeMs } from './cpu-time.ts'

/** What one connection asks, one request after the other. */
export interface Script {
  next(): Buffer
  /** Told of each answer before the next request is made. Any status but 2xx has failed the load by then. */
  answered?(answer: Answer): void
}

export interface Load {
  /** Answers in a second. */
  readonly rate: number
  readonly count: number
  /** How long each answer took, in ms, ascending. */
  readonly latenciesMs: readonly number[]
  /** The share of one core that this process, the generator, was busy. Near 1 the generator was the bound. */
  readonly generatorShare: number
  /** The share of one core that the server used; undefined where the system does not tell. */
  readonly serverShare: number | undefined
}

interface Aim {
  readonly port: number
  readonly pid: number
}

/**
 * Keeps as many requests under way as there are scripts, each on a connection of its own, none pipelined, for as
 * long as was said. Rejects with the first answer that is not 2xx, or with the fault of a connection.
 */
export async function load(aim: Aim, scripts: readonly Script[], durationMs: number): Promise<Load> {
  const sockets = await Promise.all(scripts.map(() => connect(aim.port)))
  const latenciesMs: number[] = []
  const before = { cpuMs: cpuTimeMs(aim.pid), loop: performance.eventLoopUtilization() }
  const startedAtMs = performance.now()
  const untilMs = startedAtMs + durationMs
  try {
    await Promise.all(sockets.map((socket, index) => follow(socket, scripts[index]!, untilMs, latenciesMs)))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  const tookMs = performance.now() - startedAtMs
  const usedMs = (cpuTimeMs(aim.pid) ?? 0) - (before.cpuMs ?? 0)
  return {
    rate: (latenciesMs.length / tookMs) * 1000,
    count: latenciesMs.length,
    latenciesMs: latenciesMs.sort((a, b) => a - b),
    generatorShare: performance.eventLoopUtilization(before.loop).utilization,
    serverShare: before.cpuMs === undefined ? undefined : usedMs / tookMs,
  }
}

/** The value below which this share of an ascending list lies. */
export function percentile(ascending: readonly number[], share: number): number {
  const value = ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))]
  if (value === undefined) throw new TypeError('Nothing was measured.')
  return value
}

async function connect(port: number): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  return socket
}

function follow(socket: Socket, script: Script, untilMs: number, latenciesMs: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const reader = new AnswerReader()
  let askedAtMs = performance.now()
  const ask = () => {
    askedAtMs = performance.now()
    socket.write(script.next())
  }
  socket.on('data', (piece: Buffer) => {
    try {
      const answer = reader.read(piece)
      if (answer === undefined) return
      if (answer.status < 200 || answer.status > 299) throw new Error(describe(answer))
      const nowMs = performance.now()
      latenciesMs.push(nowMs - askedAtMs)
      script.answered?.(answer)
      if (nowMs < untilMs) ask()
      else resolve()
    } catch (error) {
      reject(error)
    }
  })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('The server closed a connection under load.')))
  ask()
  return promise
}

const describe = ({ status, body }: Answer): string =>
  `An answer under load was ${status}: ${body.toString('utf8').slice(0, 300)}`
