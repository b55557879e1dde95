import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import pg from 'pg'

export interface NotifyRoundTrip {
  /** From the call of NOTIFY on one connection to its arrival on another, in ms. */
  measureMs(): Promise<number>
  stop(): Promise<void>
}

/** The least that word from one node to another takes through this PostgreSQL. */
export async function openNotifyRoundTrip(url: string): Promise<NotifyRoundTrip> {
  const [sender, listener] = [new pg.Client(url), new pg.Client(url)]
  await Promise.all([sender.connect(), listener.connect()])
  await listener.query('listen bench_round_trip')
  return {
    async measureMs() {
      const arrived = once(listener, 'notification')
      const startedAtMs = performance.now()
      await sender.query('notify bench_round_trip')
      await arrived
      return performance.now() - startedAtMs
    },
    async stop() {
      await Promise.all([sender.end(), listener.end()])
    },
  }
}
