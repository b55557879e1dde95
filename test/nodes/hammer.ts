import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Question, type Reply } from './ask.ts'

export interface Hammer {
  /** In the order in which they were sent, as long as there is one client. */
  readonly replies: readonly Reply[]
  stop(): Promise<void>
}

/** Asks one node the same thing again and again, each client a moment after its answer, until it is stopped. */
export function startHammer(url: string, question: Question, { clients = 1, pauseMs = 1 } = {}): Hammer {
  const replies: Reply[] = []
  let stopped = false
  const client = async () => {
    while (!stopped) {
      replies.push(await ask(url, question))
      await sleep(pauseMs)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  return {
    replies,
    async stop() {
      stopped = true
      await all
    },
  }
}
