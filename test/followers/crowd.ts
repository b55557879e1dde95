import { Agent, type ClientRequest, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { processorMs } from '../../bench/support/processor-time.ts'
import { demand } from '../nodes/ask.ts'
import { openSite, type SignedIn } from '../nodes/site.ts'
import { residentMb } from '../support/resident-memory.ts'
import { makeKey, registerReader } from './deactivations.ts'

/** What a node costs, in all. */
export interface Cost {
  readonly memoryMb: number
  /** At each of `changesPerSecond`. */
  readonly shares: readonly Share[]
}

export interface Share {
  /** Of a core. */
  readonly ofCore: number
  /** Changes that were made: fewer than were meant to be on a machine that is too busy. */
  readonly made: number
}

export interface CrowdFigures {
  readonly alone: Cost
  readonly followed: Cost
  /** Streams that were open in the end. */
  readonly open: number
}

export const changesPerSecond = [0, 1, 20] as const
/** Long enough that collections of garbage and readings of the ledger even out. */
const measuredForMs = 20_000
const settlesMs = 10_000
const warmUpRequests = 10_000

/** Measures a server in a process of its own without followers, and then with so many of one key. */
export async function measureCrowd(databaseUrl: string, count: number): Promise<CrowdFigures> {
  const site = await openSite(databaseUrl)
  const streams = new Streams()
  try {
    const { url, pid } = await site.add()
    const admin = await site.administrator(url)
    const key = await makeKey(url, admin)
    const reader = await registerReader(url, admin)
    await warmUp(url, admin)
    const alone = await measureCost({ url, pid, admin, userId: reader.id })
    await streams.open(url, key, count)
    const followed = await measureCost({ url, pid, admin, userId: reader.id })
    return { alone, followed, open: streams.count }
  } finally {
    streams.close()
    await site.close()
  }
}

interface Measured {
  readonly url: string
  readonly pid: number
  readonly admin: SignedIn
  readonly userId: number
}

async function measureCost({ url, pid, admin, userId }: Measured): Promise<Cost> {
  await sleep(settlesMs)
  const share = async (work: Promise<number>): Promise<Share> => {
    const [beganAtMs, usedMs] = [performance.now(), processorMs(pid)]
    const made = await work
    if (usedMs === undefined) return { ofCore: Number.NaN, made }
    return { ofCore: (processorMs(pid)! - usedMs) / (performance.now() - beganAtMs), made }
  }
  const shares: Share[] = []
  for (const pace of changesPerSecond) shares.push(await share(changeAt(pace, { url, admin, userId })))
  return { memoryMb: await residentMb(url), shares }
}

/** A server in use has allocated what V8 lets young objects take: that is not the followers'. */
async function warmUp(url: string, { access: token }: SignedIn): Promise<void> {
  let left = warmUpRequests
  const ask = async () => {
    while (left-- > 0) await demand(url, { method: 'GET', path: '/users/', token }, 200)
  }
  await Promise.all(Array.from({ length: 32 }, ask))
}

/** Gives a user another role so often a second, at an even pace; gives how often. */
async function changeAt(pace: number, { url, admin, userId }: Omit<Measured, 'pid'>): Promise<number> {
  const beganAtMs = performance.now()
  const isOver = () => performance.now() - beganAtMs >= measuredForMs
  let made = 0
  for (; made < (pace * measuredForMs) / 1_000 && !isOver(); made += 1) {
    const body = { roles: made % 2 === 0 ? [] : ['reader'] }
    await demand(url, { method: 'PATCH', path: `/users/${userId}/`, token: admin.access, body }, 200)
    await sleep(Math.max(0, beganAtMs + ((made + 1) * 1_000) / pace - performance.now()))
  }
  await sleep(Math.max(0, beganAtMs + measuredForMs - performance.now()))
  return made
}

/** Connections that read the feed and do nothing else. */
class Streams {
  readonly #agent = new Agent({ keepAlive: false })
  readonly #requests = new Set<ClientRequest>()

  get count(): number {
    return this.#requests.size
  }

  /** Opens them fifty at a time; each has begun when this resolves. */
  async open(url: string, key: string, count: number): Promise<void> {
    while (this.#requests.size < count) {
      const next = Math.min(50, count - this.#requests.size)
      await Promise.all(Array.from({ length: next }, () => this.#openOne(url, key)))
    }
  }

  #openOne(url: string, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' }
      const request = get(`${url}/api/auth/changes/`, { agent: this.#agent, headers }, response => {
        if (response.statusCode !== 200)
          return reject(new Error(`A stream was answered ${response.statusCode}.`))
        response.once('data', () => resolve())
        response.resume()
      })
      this.#requests.add(request)
      request.on('error', reject)
      request.on('close', () => this.#requests.delete(request))
    })
  }

  close(): void {
    for (const request of this.#requests) request.destroy()
  }
}
