import { setTimeout as sleep } from 'node:timers/promises'
import { ask, check, demand, me, type Reply } from './ask.ts'
import { type Hammer, startHammer } from './hammer.ts'
import { boundMs } from './obedience.ts'
import { register, untilAll } from './site.ts'

/** An answer takes at most this long when the knowledge behind it is too old: 0.7 s of waiting, and the machine. */
export const answerBoundMs = 1_000
/** A pool that waits for a silent connection gives it up after 6 s; the listener tries again every 5 s. */
const longestRecoveryMs = 120_000
const clients = 2

export interface OutageFigures {
  readonly asked: number
  readonly passesInBound: number
  readonly rejections: number
  /** The slowest 503, given during the outage, to a question that came when the knowledge was too old already. */
  readonly slowest503Ms: number
  /** The slowest answer, of any kind, to a question that came within the bound. */
  readonly slowestInBoundMs: number
  /** From the end of the outage to the first answer that passed. */
  readonly recoveryMs: number
  /** What must not be, in words: a pass on knowledge older than the bound, or an answer that is none of 200, 401, 503. */
  readonly breaches: readonly string[]
}

export interface Outage {
  /** The node that loses its database. */
  readonly url: string
  /** A node that keeps it, and on which a session is ended meanwhile. */
  readonly elsewhere?: string
  begin(): Promise<void> | void
  end(): Promise<void> | void
  readonly lastsMs: number
}

/**
 * Hammers a node that loses its database, with a token that stays good and one whose session is ended elsewhere
 * meanwhile. Nothing may pass that was asked later than the bound after the loss; the ended one never again.
 */
export async function observeOutage({ url, elsewhere, begin, end, lastsMs }: Outage): Promise<OutageFigures> {
  const [living, ended] = [await register(url), await register(url)]
  const known = elsewhere === undefined ? [url] : [url, elsewhere]
  for (const { access } of [living, ended]) await untilAll(known, check(access), 200)
  const hammers = [
    startHammer(url, check(living.access), { clients, pauseMs: 4 }),
    startHammer(url, me(living.access), { clients, pauseMs: 4 }),
  ]
  const endedHammer = startHammer(url, check(ended.access), { clients, pauseMs: 4 })
  await sleep(300)

  await begin()
  const begunAtMs = performance.now()
  const endedAtMs = elsewhere === undefined ? undefined : await endSession(elsewhere, ended.access)
  await sleep(lastsMs)
  const healedAtMs = performance.now()
  await end()
  const recoveredAtMs = await untilPasses(url, living.access)
  await sleep(300)
  await Promise.all([...hammers, endedHammer].map(hammer => hammer.stop()))

  const during = [...hammers, endedHammer]
    .flatMap(({ replies }) => replies)
    .filter(({ sentAtMs }) => sentAtMs > begunAtMs && sentAtMs < healedAtMs)
  const late = during.filter(({ sentAtMs }) => sentAtMs > begunAtMs + boundMs)
  const inBound = during.filter(({ sentAtMs }) => sentAtMs <= begunAtMs + boundMs)
  // What waits for fresh knowledge when the outage ends may have it.
  const breaches = late
    .filter(({ status, answeredAtMs }) => status !== 503 && answeredAtMs < healedAtMs)
    .map(
      ({ status, sentAtMs }) =>
        `answered with ${status} ${Math.round(sentAtMs - begunAtMs)} ms after the loss`,
    )
  const strange = during.filter(({ status }) => ![200, 401, 503].includes(status))
  breaches.push(...strange.map(({ status }) => `answered with ${status}`))
  if (recoveredAtMs === undefined) breaches.push(`no recovery within ${longestRecoveryMs} ms`)
  if (endedAtMs !== undefined)
    breaches.push(...(await passesOfEnded(url, ended.access, endedHammer, endedAtMs)))
  return {
    asked: during.length,
    passesInBound: inBound.filter(({ status }) => status === 200).length,
    rejections: during.filter(({ status }) => status === 503).length,
    // After the outage a question may still meet a connection that was opened in it, and wait for that.
    slowest503Ms: slowest(
      late.filter(({ status, answeredAtMs }) => status === 503 && answeredAtMs < healedAtMs),
    ),
    slowestInBoundMs: slowest(inBound),
    recoveryMs: (recoveredAtMs ?? Number.POSITIVE_INFINITY) - healedAtMs,
    breaches: [...new Set(breaches)],
  }
}

async function endSession(url: string, token: string): Promise<number> {
  return (await demand(url, { method: 'POST', path: '/logout/', token }, 204)).answeredAtMs
}

/** Of a session that ended elsewhere: nothing after the bound, during the outage or after it. */
async function passesOfEnded(url: string, token: string, { replies }: Hammer, endedAtMs: number) {
  const passed = replies.some(({ status, sentAtMs }) => status === 200 && sentAtMs > endedAtMs + boundMs)
  const { status } = await ask(url, check(token))
  return [
    ...(passed ? ['an ended session passed'] : []),
    ...(status === 200 ? ['an ended session passes after the recovery'] : []),
  ]
}

const slowest = (replies: readonly Reply[]): number =>
  replies.reduce((most, { sentAtMs, answeredAtMs }) => Math.max(most, answeredAtMs - sentAtMs), 0)

async function untilPasses(url: string, token: string): Promise<number | undefined> {
  const deadlineMs = performance.now() + longestRecoveryMs
  while (performance.now() < deadlineMs) {
    const reply = await ask(url, check(token))
    if (reply.status === 200) return reply.answeredAtMs
    await sleep(5)
  }
  return undefined
}
