import assert from 'node:assert/strict'
import { call, password } from '../commands/support/api.ts'
import { ended, type Fresh } from './account.ts'
import { claimsOf, perform, refresh, signIn } from './acts.ts'
import { buryEnded, type Crowd, type Held, type Person } from './crowd.ts'
import type { Dice } from './dice.ts'

/** The server's own window is 10 s from its own clock reading; nearer to the edge nothing is asserted. */
const reuseIntervalMs = 9_000
/** An access token lives ten minutes. */
const accessLifeMs = 540_000
const nothing: Fresh = { session: '', token: '' }

export type ProbeKind =
  | 'a lost refresh tried again'
  | 'a spent token, within 10 s'
  | 'a spent token whose successor was used'
  | 'a token of an ended session'
  | 'an access token, with its roles'
  | 'a closed account'
  | 'a sign-in'

export interface ProbeOptions {
  readonly url: string
  readonly crowd: Crowd
  readonly dice: Dice
  readonly lostRefreshes: readonly Person[]
  readonly onProbe: (kind: ProbeKind) => void
}

/** Asks the server that started again what the stored rows mean to it. Throws at a wrong answer. */
export async function probe(options: ProbeOptions): Promise<void> {
  await retryLost(options)
  await retryConsumed(options)
  await presentDead(options)
  await presentLive(options)
  await knockAtClosed(options)
  await signInAgain(options)
  await replayConsumed(options)
}

/** The client whose answer was lost asks again, and goes on whether or not its first request was stored. */
async function retryLost({ url, lostRefreshes, onProbe }: ProbeOptions): Promise<void> {
  for (const person of lostRefreshes) {
    for (const [uuid, held] of [...person.held]) {
      const { newest } = person.account!.sessions[uuid]!
      onProbe('a lost refresh tried again')
      if (claimsOf(held.refresh).jti === newest) {
        assert.equal(await perform(url, person, refresh(uuid, held)), 'acknowledged', person.email)
        continue
      }
      const answer = await call(url, 'POST', '/token/refresh/', { body: { refresh: held.refresh } })
      assert.equal(
        answer.status,
        200,
        `${person.email}: a retry after the crash: ${JSON.stringify(answer.body)}`,
      )
      assert.equal(
        claimsOf(answer.body.refresh).jti,
        newest,
        `${person.email}: the retry began a second line`,
      )
      const consumed = [...held.consumed, { token: held.refresh, sentAtMs: performance.now() }].slice(-3)
      person.held.set(uuid, {
        ...held,
        access: answer.body.access,
        refresh: answer.body.refresh,
        consumed: consumed,
      })
    }
  }
}

const heldByAll = (crowd: Crowd) =>
  crowd.people.flatMap(person => [...person.held].map(([uuid, held]) => ({ person, uuid, held })))

/** The next token that was acknowledged before the kill, byte for byte, and no other. */
async function retryConsumed({ url, crowd, dice, onProbe }: ProbeOptions): Promise<void> {
  const oldestMs = performance.now() - reuseIntervalMs
  const fitting = heldByAll(crowd).filter(
    ({ held }) => (held.consumed.at(-1)?.sentAtMs ?? -Infinity) > oldestMs,
  )
  for (const { person, held } of dice.sample(fitting, 4)) {
    const { token, sentAtMs } = held.consumed.at(-1)!
    const answer = await call(url, 'POST', '/token/refresh/', { body: { refresh: token } })
    if (performance.now() - sentAtMs > reuseIntervalMs) continue
    assert.equal(
      answer.status,
      200,
      `${person.email}: a spent token within 10 s: ${JSON.stringify(answer.body)}`,
    )
    assert.equal(
      answer.body.refresh,
      held.refresh,
      `${person.email}: another successor than was acknowledged`,
    )
    onProbe('a spent token, within 10 s')
  }
}

async function presentDead({ url, crowd, dice, onProbe }: ProbeOptions): Promise<void> {
  const dead = crowd.people.flatMap(person => person.dead)
  for (const held of new Set([...dice.sample(dead, 4), ...dead.slice(-4)])) {
    await assertDead(url, held)
    onProbe('a token of an ended session')
  }
}

async function assertDead(url: string, held: Held): Promise<void> {
  for (const token of [held.refresh, ...held.consumed.map(consumed => consumed.token)]) {
    const answer = await call(url, 'POST', '/token/refresh/', { body: { refresh: token } })
    assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_refresh_token'])
  }
  assert.equal((await call(url, 'GET', '/me/', { token: held.access })).status, 401)
}

async function presentLive({ url, crowd, dice, onProbe }: ProbeOptions): Promise<void> {
  const oldestMs = performance.now() - accessLifeMs
  const fitting = heldByAll(crowd).filter(({ held }) => held.accessSinceMs > oldestMs)
  for (const { person, held } of dice.sample(fitting, 6)) {
    const answer = await call(url, 'GET', '/me/', { token: held.access })
    assert.equal(answer.status, 200, `${person.email}: ${JSON.stringify(answer.body)}`)
    assert.deepEqual(answer.body.roles, person.account!.roles)
    onProbe('an access token, with its roles')
  }
}

async function knockAtClosed({ url, crowd, onProbe }: ProbeOptions): Promise<void> {
  const closed = crowd.anyone((_, { isActive }) => !isActive)
  if (closed === undefined) return
  const answer = await call(url, 'POST', '/login/', { body: { email: closed.email, password } })
  assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_credentials'], closed.email)
  onProbe('a closed account')
}

async function signInAgain({ url, crowd, onProbe }: ProbeOptions): Promise<void> {
  const person = crowd.anyone((_, { isActive }) => isActive)
  if (person === undefined) return
  assert.equal(await perform(url, person, signIn(person)), 'acknowledged', person.email)
  onProbe('a sign-in')
}

/** The thief's token, consumed before the kill: it does not work, and it ends the session with an event. */
async function replayConsumed({ url, crowd, dice, onProbe }: ProbeOptions): Promise<void> {
  const fitting = heldByAll(crowd).filter(({ held }) => held.consumed.length > 1)
  for (const { person, uuid, held } of dice.sample(fitting, fitting.length > 8 ? 2 : 0)) {
    if (!person.held.has(uuid)) continue
    const body = { refresh: held.consumed.at(-2)!.token }
    const answer = await call(url, 'POST', '/token/refresh/', { body })
    assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_refresh_token'], person.email)
    person.account = ended(uuid, 'refresh_reuse', 'token.reuse')(person.account!, nothing)
    person.touched = true
    buryEnded(person)
    await assertDead(url, held)
    onProbe('a spent token whose successor was used')
  }
}
