import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerReader } from './answer-reader.ts'

/** Connections that share the requests: a request that has none free waits, and its wait counts. */
const connections = 16

/**
 * Asks the same thing over and over at a steady pace, whether or not the answers keep up, and gives how long each
 * answer took, in ms, from the moment when it should have been asked. A load that waits for each answer would
 * ask least just when the server is slowest. Rejects with the first answer that is not 200.
 */
export async function probeAtPace(
  port: number,
  request: Buffer,
  { everyMs, durationMs }: { everyMs: number; durationMs: number },
): Promise<number[]> {
  const latenciesMs: number[] = []
  const waiting: number[] = []
  const free: Prober[] = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  const all = [...free]
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => {})

  const ask = (dueMs: number) => {
    const prober = free.pop()
    if (prober === undefined) return waiting.push(dueMs)
    prober.ask(request, status => {
      if (status !== 200) return reject(new Error(`An answer to a probe was ${status}.`))
      latenciesMs.push(performance.now() - dueMs)
      free.push(prober)
      const next = waiting.shift()
      if (next !== undefined) ask(next)
    })
  }
  try {
    const startMs = performance.now()
    const count = Math.floor(durationMs / everyMs)
    for (let index = 0; index < count; index++) {
      const dueMs = startMs + index * everyMs
      const ahead = dueMs - performance.now()
      if (ahead > 0) await Promise.race([sleep(ahead), failed])
      // A timer that came late is this process's own doing, so it is the sending that counts.
      ask(Math.max(dueMs, performance.now()))
    }
    while (latenciesMs.length < count) await Promise.race([sleep(5), failed])
    return latenciesMs
  } finally {
    for (const prober of all) prober.close()
  }
}

interface Prober {
  ask(request: Buffer, answered: (status: number) => void): void
  close(): void
}

async function connect(port: number): Promise<Prober> {
  const socket: Socket = createConnection({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  const reader = new AnswerReader()
  let resolveWith: (status: number) => void = () => {}
  socket.on('data', (piece: Buffer) => {
    const answer = reader.read(piece)
    if (answer !== undefined) resolveWith(answer.status)
  })
  socket.on('error', () => resolveWith(0))
  return {
    ask(request, answered) {
      resolveWith = answered
      socket.write(request)
    },
    close: () => socket.destroy(),
  }
}
