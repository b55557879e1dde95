import type { PostgresCluster } from '../support/postgres-cluster.ts'
import { addressOf, startTcpProxy, throughProxy } from '../support/tcp-proxy.ts'
import { crossNodes } from './any-node.ts'
import { type EndingKind, endingKinds } from './endings.ts'
import { freezePostgres } from './freeze.ts'
import { startLoad } from './load.ts'
import { newLane, type Obedience, observeEnding } from './obedience.ts'
import { type Outage, type OutageFigures, observeOutage } from './outage.ts'
import { register, type Site } from './site.ts'

/** Endings under way at a time. */
const laneCount = 2

export interface EndingsResult {
  readonly obediences: readonly Obedience[]
  readonly breaches: readonly string[]
  readonly answered: Readonly<Record<string, number>>
}

/** Ends `samples` things of each kind under load, at each node in turn. */
export async function measureEndings(
  urls: readonly string[],
  site: Site,
  samples: number,
  onKind: (kind: EndingKind) => void = () => {},
): Promise<EndingsResult> {
  const obediences: Obedience[] = []
  const failures: string[] = []
  const answered: Record<string, number> = {}
  for (const kind of endingKinds) {
    const load = await startLoad(() => urls)
    const admin = await site.administrator(urls[0]!)
    let left = samples
    const runLane = async () => {
      const lane = await newLane(urls[0]!, admin)
      while (left-- > 0) {
        const here = left % urls.length
        const turned = [urls[here]!, ...urls.filter((_, index) => index !== here)] as [string, ...string[]]
        obediences.push(...(await observeEnding(turned, kind, admin, lane)))
      }
    }
    await Promise.all(Array.from({ length: laneCount }, runLane))
    await load.stop()
    failures.push(...load.failures)
    for (const [what, count] of Object.entries(load.counts)) answered[what] = (answered[what] ?? 0) + count
    onKind(kind)
  }
  return { obediences, breaches: [...obediences.flatMap(({ breaches }) => breaches), ...failures], answered }
}

/** Sessions that wander between two nodes with each request. Throws where one of them is not what it must be. */
export async function wander([here, there]: readonly [string, string], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const { email } = await register(here)
    await (round % 2 === 0 ? crossNodes(here, there, email) : crossNodes(there, here, email))
  }
}

/** A node that is cut off from the database while another one goes on and ends a session. */
export async function cutOff(site: Site, databaseUrl: string, elsewhere: string, lastsMs: number) {
  const proxy = await startTcpProxy(addressOf(databaseUrl))
  try {
    const settings = { PROPUSK_DATABASE_URL: throughProxy(databaseUrl, proxy) }
    const node = await site.add({ settings })
    const results: (readonly [string, OutageFigures])[] = []
    for (const how of ['cut', 'stall'] as const) {
      const outage: Outage = {
        url: node.url,
        elsewhere,
        begin: () => proxy[how](),
        end: () => proxy.heal(),
        lastsMs,
      }
      const name = how === 'cut' ? 'cut off, connections reset' : 'cut off in silence'
      results.push([`${name}; ended elsewhere`, await observeOutage(outage)])
    }
    await node.kill()
    return results
  } finally {
    await proxy.close()
  }
}

/** The database itself stands still, and is killed. */
export async function loseDatabase(cluster: PostgresCluster, url: string, lastsMs: number) {
  let thaw = () => {}
  const frozen = await observeOutage({
    url,
    begin: async () => {
      thaw = await freezePostgres(cluster.url)
    },
    end: () => thaw(),
    lastsMs,
  })
  const killed = await observeOutage({
    url,
    begin: () => cluster.crash(),
    end: () => cluster.restart(),
    lastsMs,
  })
  return [['frozen', frozen] as const, ['killed and started again', killed] as const]
}
