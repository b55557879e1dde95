import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { type Answer, AnswerReader } from './answer-reader.ts'

/** One open connection on which requests follow one another, whatever their answers are. */
export interface Prober {
  ask(request: Buffer): Promise<Answer>
  /**
   * Asks again and again until the status is this one; gives the instant, by `performance.now()`, at which the first
   * request that got it was sent. Rejects after `giveUpMs`.
   */
  sentFirst(status: number, request: Buffer, giveUpMs: number): Promise<number>
  close(): void
}

export async function openProber(port: number): Promise<Prober> {
  const socket: Socket = createConnection({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  const reader = new AnswerReader()
  const ask = async (request: Buffer): Promise<Answer> => {
    socket.write(request)
    for (;;) {
      const [piece] = (await once(socket, 'data')) as [Buffer]
      const answer = reader.read(piece)
      if (answer !== undefined) return answer
    }
  }
  return {
    ask,
    async sentFirst(status, request, giveUpMs) {
      const untilMs = performance.now() + giveUpMs
      while (performance.now() < untilMs) {
        const sentAtMs = performance.now()
        if ((await ask(request)).status === status) return sentAtMs
      }
      throw new Error(`No answer was ${status} within ${giveUpMs} ms.`)
    },
    close: () => socket.destroy(),
  }
}
