import { performance } from 'node:perf_hooks'
import { percentile } from '../support/load.ts'
import { openProber, type Prober } from '../support/prober.ts'
import { processorMs } from '../support/processor-time.ts'
import { requestBytes } from '../support/request-bytes.ts'
import type { StartedServer } from '../support/start-server.ts'

/** What one kind of question costs, asked one at a time. */
export interface Cost {
  readonly name: string
  readonly medianMs: number
  readonly p95Ms: number
  /** What one answer cost our server's process. Undefined where the system does not tell. */
  readonly processorMs: number | undefined
}

export interface Asker {
  /** The cost of asking this so many times, the first of them not counted. */
  cost(name: string, path: string, times: number): Promise<Cost>
  /** The path of a page far from both ends of a list, reached as a client would: page after page, 200 rows at a time. */
  middleOf(path: string, rows: number): Promise<string>
  close(): void
}

const base = '/api/auth'
const pageSize = 200
/** A walk of more pages than this takes longer than what it is for: it stops there, deep enough. */
const mostPages = 100

export async function openAsker({ port, pid }: StartedServer, token: string): Promise<Asker> {
  const prober = await openProber(port)
  const bytesOf = (path: string) => requestBytes({ path, headers: { Authorization: `Bearer ${token}` } })
  return {
    async cost(name, path, times) {
      const request = bytesOf(`${base}${path}`)
      await ask(prober, request)
      const tookMs: number[] = []
      const busyMs = processorMs(pid)
      for (let turn = 0; turn < times; turn++) {
        const startedAtMs = performance.now()
        await ask(prober, request)
        tookMs.push(performance.now() - startedAtMs)
      }
      tookMs.sort((a, b) => a - b)
      const busyAfterMs = processorMs(pid)
      return {
        name,
        medianMs: percentile(tookMs, 0.5),
        p95Ms: percentile(tookMs, 0.95),
        processorMs:
          busyMs === undefined || busyAfterMs === undefined ? undefined : (busyAfterMs - busyMs) / times,
      }
    },
    async middleOf(path, rows) {
      const join = path.includes('?') ? '&' : '?'
      let at = `${base}${path}${join}limit=${pageSize}`
      for (let page = 0; page < Math.min(rows / pageSize / 2, mostPages); page++) {
        const { next } = JSON.parse(await ask(prober, bytesOf(at))) as { next: string | null }
        if (next === null) break
        at = next
      }
      return at.slice(base.length).replace(`limit=${pageSize}`, 'limit=50')
    },
    close: () => prober.close(),
  }
}

async function ask(prober: Prober, request: Buffer): Promise<string> {
  const { status, body } = await prober.ask(request)
  if (status !== 200) throw new Error(`An answer was ${status}: ${body.toString().slice(0, 300)}`)
  return body.toString()
}
