import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Question, type Reply } from '../nodes/ask.ts'
import { openSite, password, type Site } from '../nodes/site.ts'
import { type PostgresCluster, type PostgresStandby, startPostgres } from '../support/postgres-cluster.ts'
import { rowsOf } from '../support/with-client.ts'

/** Whether a commit waits for the standby. */
export type Mode = 'synchronous' | 'asynchronous'

export interface Figures {
  readonly acknowledged: Readonly<Record<Act, number>>
  /** Answered 503, or not at all: each may be there or not. */
  readonly refused: number
  /** From the death of the primary until the standby was promoted: PostgreSQL's own part. */
  readonly promotedMs: number
  /** From the death of the primary until each node has acknowledged a write again. */
  readonly outagesMs: readonly number[]
  /** Acts that were acknowledged and are not there: of an asynchronous standby alone. */
  readonly lost: number
  /** What may never be, in words. */
  readonly breaches: readonly string[]
}

export const acts = ['registration', 'refresh', 'sign-out'] as const
export type Act = (typeof acts)[number]

interface Options {
  readonly mode: Mode
  readonly lanes: number
  readonly loadMs: number
}

/** An account with one session, as its client knows it. */
interface Person {
  readonly email: string
  readonly access: string
  refresh: string
  /** Whether the client knows which refresh token it has: one answer may have been lost. */
  isRefreshSure: boolean
  state: 'live' | 'ended' | 'unsure'
  endedAtMs: number
}

/** Nothing that ended passes later than this, whatever happens to the database. */
const boundMs = 1_000

/**
 * A primary and a standby, two nodes whose address names both, people at work on either node; then the primary is killed and
 * the standby promoted. Compares afterwards what is there with what was acknowledged.
 */
export async function failOver(options: Options): Promise<Figures> {
  const primary = await startPostgres({ durable: true })
  const standby = await primary.standby()
  const site = await openSite(bothIn(primary.url, standby.url))
  try {
    if (options.mode === 'synchronous') await waitForStandby(primary.url)
    const nodes = [await site.add(), await site.add()]
    return await underLoad(
      nodes.map(({ url }) => url),
      site,
      { primary, standby },
      options,
    )
  } finally {
    await site.close()
    await standby.stop()
    await primary.stop()
  }
}

/** `postgres://propusk:…@127.0.0.1:PRIMARY,127.0.0.1:STANDBY/postgres?target_session_attrs=read-write` */
export function bothIn(...urls: readonly string[]): string {
  const [first = ''] = urls
  const hosts = urls.map(url => new URL(url).host)
  return `${first.replace(hosts[0]!, hosts.join())}?target_session_attrs=read-write`
}

async function waitForStandby(url: string): Promise<void> {
  await rowsOf(url, "alter system set synchronous_standby_names = '*'")
  await rowsOf(url, 'select pg_reload_conf()')
  for (let tries = 0; tries < 1_200; tries++) {
    const rows = await rowsOf(url, "select 1 from pg_stat_replication where sync_state = 'sync'")
    if (rows.length > 0) return
    await sleep(50)
  }
  throw new Error('The standby did not become synchronous.')
}

async function underLoad(
  nodes: readonly string[],
  site: Site,
  { primary, standby }: { readonly primary: PostgresCluster; readonly standby: PostgresStandby },
  { mode, lanes, loadMs }: Options,
): Promise<Figures> {
  const crowd = startCrowd(nodes, lanes)
  await sleep(loadMs)
  if (mode === 'asynchronous') {
    await standby.cutOff()
    await sleep(loadMs / 2)
  }
  // From here on an end that only the old primary knew of is lost, and the session lives.
  if (mode === 'asynchronous') crowd.stopPrying()
  const diedAtMs = performance.now()
  await primary.crash()
  await standby.promote()
  const promotedMs = performance.now() - diedAtMs
  const outagesMs = await Promise.all(nodes.map(url => crowd.untilWrites(url, diedAtMs)))
  await sleep(loadMs)
  await crowd.stop()
  const fresh = await site.add()
  const { lost, breaches } = await compare([...nodes, fresh.url], crowd.people, mode)
  return {
    acknowledged: crowd.acknowledged,
    refused: crowd.refused(),
    promotedMs,
    outagesMs,
    lost,
    breaches: [...crowd.breaches, ...breaches],
  }
}

/** People who register, refresh and sign out, each request on the next node, and one who tries what has ended. */
function startCrowd(nodes: readonly string[], lanes: number) {
  const people: Person[] = []
  const breaches: string[] = []
  const acknowledged: Record<Act, number> = { registration: 0, refresh: 0, 'sign-out': 0 }
  const lastWriteMs = new Map<string, number>()
  let refused = 0
  let turn = 0
  let stopped = false
  let isPrying = true

  const act = async (kind: Act, question: Question, wanted: number): Promise<Reply | undefined> => {
    const url = nodes[turn++ % nodes.length]!
    const reply = await ask(url, question)
    if (reply.status === wanted) {
      acknowledged[kind] += 1
      lastWriteMs.set(url, performance.now())
      return reply
    }
    refused += 1
    if (reply.status !== 503) {
      breaches.push(`${kind} at ${url}: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
    // As a client does that is told to come back.
    await sleep(20)
    return undefined
  }

  const live = async (lane: number) => {
    for (let number = 0; !stopped; number++) {
      const email = `lane-${lane}-${number}@example.com`
      const body = { email, password, password2: password }
      const made = await act('registration', { method: 'POST', path: '/register/', body }, 201)
      if (made === undefined) continue
      const { access, refresh } = made.body
      const person: Person = { email, access, refresh, isRefreshSure: true, state: 'live', endedAtMs: 0 }
      people.push(person)
      for (let uses = 0; uses < number % 4 && person.isRefreshSure; uses++) {
        const question = { method: 'POST', path: '/token/refresh/', body: { refresh: person.refresh } }
        const reply = await act('refresh', question, 200)
        if (reply === undefined) person.isRefreshSure = false
        else person.refresh = reply.body.refresh
      }
      if (number % 2 === 0) continue
      // Unsure from the moment in which it is asked for.
      person.state = 'unsure'
      const out = await act('sign-out', { method: 'POST', path: '/logout/', token: person.access }, 204)
      if (out === undefined) continue
      person.endedAtMs = performance.now()
      person.state = 'ended'
    }
  }

  /** Whoever has a token of a session that has ended, and tries it again and again. */
  const pry = async (url: string) => {
    for (let number = 0; isPrying && !stopped; number++) {
      await sleep(5)
      const ended = people.filter(({ state }) => state === 'ended')
      const person = ended[number % Math.max(1, ended.length)]
      if (person === undefined || performance.now() - person.endedAtMs < boundMs) continue
      const reply = await ask(url, { method: 'GET', path: '/me/', token: person.access }).catch(
        () => undefined,
      )
      if (reply?.status === 200)
        breaches.push(`an ended session passed at ${url} while the database failed over`)
    }
  }

  const running = Promise.all([
    ...Array.from({ length: lanes }, (_, lane) => live(lane)),
    ...nodes.map(url => pry(url)),
  ])
  return {
    people,
    breaches,
    acknowledged,
    refused: () => refused,
    stopPrying: () => {
      isPrying = false
    },
    async untilWrites(url: string, sinceMs: number): Promise<number> {
      for (let tries = 0; tries < 4_800; tries++) {
        const atMs = lastWriteMs.get(url) ?? 0
        if (atMs > sinceMs + 50) return atMs - sinceMs
        await sleep(25)
      }
      throw new Error(`The node at ${url} takes no writes two minutes after the primary died.`)
    },
    async stop() {
      stopped = true
      await running
    },
  }
}

/** Asks every node about everybody. */
async function compare(nodes: readonly string[], people: readonly Person[], mode: Mode) {
  const breaches: string[] = []
  let lost = 0
  for (const person of people) {
    const answers: number[] = []
    for (const url of nodes) answers.push(await settledStatus(url, person))
    if (new Set(answers).size > 1)
      breaches.push(`the nodes disagree about a ${person.state} session: ${answers}`)
    const [answer] = answers
    const wanted = { live: 200, ended: 401, unsure: answer }[person.state]
    const isKept = answer === wanted && (await keepsRefresh(nodes.at(-1)!, person, answer === 200))
    if (isKept) continue
    lost += 1
    if (mode === 'synchronous') {
      breaches.push(`what was acknowledged is gone: a ${person.state} session is answered ${answers}`)
    }
  }
  return { lost, breaches }
}

/** A node may be between two readings of the ledger. */
async function settledStatus(url: string, { access }: Person): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { status } = await ask(url, { method: 'GET', path: '/me/', token: access })
    if (status !== 503 || tries === 300) return status
    await sleep(100)
  }
}

async function keepsRefresh(url: string, { refresh, isRefreshSure, state }: Person, isLive: boolean) {
  if (!isRefreshSure || state === 'unsure') return true
  const { status } = await ask(url, { method: 'POST', path: '/token/refresh/', body: { refresh } })
  return status === (isLive ? 200 : 401)
}
