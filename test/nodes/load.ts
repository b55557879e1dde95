import { setTimeout as sleep } from 'node:timers/promises'
import { ask, check, type Question, type Reply, refresh } from './ask.ts'
import { password, register, type SignedIn } from './site.ts'

export interface Load {
  /** Answers by what was asked. */
  readonly counts: Readonly<Record<'sign-ins' | 'refreshes' | 'checks', number>>
  /** Answers that none of these may get, in words. */
  readonly failures: readonly string[]
  stop(): Promise<void>
}

/** A sign-in costs a hash: a few a second are a busy day. */
const signInPauseMs = 250

/**
 * People at work on every node, each request on the next one: sign-ins, refreshes of one session in turn, checks. All
 * of it must succeed.
 */
export async function startLoad(urls: () => readonly string[]): Promise<Load> {
  const counts = { 'sign-ins': 0, refreshes: 0, checks: 0 }
  const failures: string[] = []
  let stopped = false
  let turn = 0
  const next = () => urls()[turn++ % urls().length]!
  const note = (kind: keyof typeof counts, url: string, { status, body }: Reply) => {
    counts[kind] += 1
    if (status !== 200) failures.push(`${kind} at ${url}: ${status} ${JSON.stringify(body)}`)
  }
  const repeat = async (once: () => Promise<void>, pauseMs: number) => {
    while (!stopped) {
      await once()
      await sleep(pauseMs)
    }
  }
  const signIns = (person: SignedIn) =>
    repeat(async () => {
      const url = next()
      note('sign-ins', url, await ask(url, signInQuestion(person)))
    }, signInPauseMs)
  const refreshes = (person: SignedIn) => {
    let held = person.refresh
    return repeat(async () => {
      const url = next()
      const reply = await ask(url, refresh(held))
      note('refreshes', url, reply)
      if (reply.status === 200) held = reply.body.refresh
    }, 4)
  }
  const checks = (person: SignedIn) =>
    repeat(async () => {
      const url = next()
      note('checks', url, await ask(url, check(person.access)))
    }, 2)

  const person = () => register(next())
  const running = Promise.all([
    signIns(await person()),
    refreshes(await person()),
    refreshes(await person()),
    checks(await person()),
    checks(await person()),
  ])
  return {
    counts,
    failures,
    async stop() {
      stopped = true
      await running
    },
  }
}

const signInQuestion = ({ email }: SignedIn): Question => ({
  method: 'POST',
  path: '/login/',
  body: { email, password },
})
