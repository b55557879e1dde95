import assert from 'node:assert/strict'
import fc from 'fast-check'
import { goodPassword } from '../support/world.ts'
import {
  accessOf,
  back,
  type Command,
  command,
  node,
  pick,
  pickSession,
  refreshOf,
  which,
} from './command.ts'
import {
  type Account,
  endSessions,
  expectedRefresh,
  isLive,
  type Model,
  nextOf,
  type RefreshToken,
  type Session,
  type Token,
  works,
} from './model.ts'
import { claimsOf, type Nodes } from './nodes.ts'
import { assertRefused, observeAccess, observeProfile, observeSessions } from './observe.ts'

const accessLifeMs = 600_000
const sessionLifeMs = 86_400_000

const toToken = (text: string): Token => ({ text, expiresAtMs: claimsOf(text).expiresAtMs })

const anySession = fc.record({ node, session: which, back })

interface Given {
  readonly node: number
  readonly session: number
  readonly back: number
}

const chosen = (model: Model, { session: index, back: steps }: Given) => {
  const session = pickSession(model, index)
  return { session, token: accessOf(session, steps) }
}

/** A call of whoever holds the token, once the node must have received everything. */
async function callAs(
  nodes: Nodes,
  { node }: Given,
  token: Token,
  method: string,
  path: string,
  body?: unknown,
) {
  nodes.sync(node)
  return await nodes.worlds[node]!.call(method, path, { token: token.text, body })
}

/** Notes a sign-in, from what its answer and the list of sessions say of it. */
async function noteSignIn(
  model: Model,
  nodes: Nodes,
  node: number,
  account: Account,
  tokens: { access: string; refresh: string },
) {
  const nowMs = model.clock.nowMs()
  const { sid } = claimsOf(tokens.access)
  assert.equal(claimsOf(tokens.refresh).sid, sid)
  const access = toToken(tokens.access)
  const list = await callAs(nodes, { node, session: 0, back: 0 }, access, 'GET', '/me/sessions/')
  assert.equal(list.status, 200, list.text)
  const row = list.body.find((each: { uuid: string }) => each.uuid === sid)
  assert.equal(row.is_current, true)
  const expiresAtMs = Date.parse(row.expires_at)
  // A session begins a moment after the last one that was ended by force, so it may end that much later.
  assert.ok(Math.abs(expiresAtMs - nowMs - sessionLifeMs) < 1_000, row.expires_at)
  assert.ok(access.expiresAtMs <= Math.min(nowMs + accessLifeMs, expiresAtMs))
  const refresh = toToken(tokens.refresh)
  assert.ok(refresh.expiresAtMs <= expiresAtMs)
  const session: Session = {
    ...{ id: row.id, uuid: sid, account, expiresAtMs, isEnded: false },
    ...{ accessTokens: [access], refreshTokens: [refresh] },
  }
  model.sessions.push(session)
}

const register = command({
  name: 'register',
  args: fc.record({ node }),
  isPossible: ({ accounts }) => accounts.filter(account => account.isActive).length < 4,
  async run(model, nodes, { node }) {
    const email = `${model.prefix}-${model.accounts.length}@example.com`
    const body = { email, password: goodPassword, password2: goodPassword }
    const answer = await nodes.worlds[node]!.call('POST', '/register/', { body })
    assert.equal(answer.status, 201, answer.text)
    const account = { id: answer.body.user.id, email, password: goodPassword, isActive: true, roles: [] }
    model.accounts.push(account)
    await noteSignIn(model, nodes, node, account, answer.body)
  },
})

const signIn = command({
  name: 'sign in',
  args: fc.record({ node, account: which, isRight: fc.nat({ max: 4 }).map(chance => chance > 0) }),
  isPossible: ({ accounts, sessions }) => accounts.length > 0 && sessions.length < 20,
  async run(model, nodes, { node, account: index, isRight }) {
    const account = pick(model.accounts, index)
    const password = isRight ? account.password : `${account.password}!`
    const answer = await nodes.worlds[node]!.call('POST', '/login/', {
      body: { email: account.email.toUpperCase(), password },
    })
    if (isRight && account.isActive) {
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.body.user.id, account.id)
      return await noteSignIn(model, nodes, node, account, answer.body)
    }
    assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_credentials'], answer.text)
  },
})

/** Few, so that a late return often has the key of the first use. */
const keys = ['the first of two keys', 'the second of two keys']

const refresh = command({
  name: 'refresh',
  args: fc.record({ node, session: which, back, key: fc.constantFrom(undefined, ...keys) }),
  async run(model, nodes, { node, session: index, back: steps, key }) {
    const session = pickSession(model, index)
    const token = refreshOf(session, steps)
    const outcome = expectedRefresh(model, session, token, key)
    const answer = await nodes.worlds[node]!.call('POST', '/token/refresh/', {
      body: { refresh: token.text },
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    })
    if (outcome === 'refused' || outcome === 'reused') {
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_refresh_token'], outcome)
      if (outcome === 'reused') {
        session.isEnded = true
        nodes.wrote(node)
      }
      return
    }
    assert.equal(answer.status, 200, `${outcome}: ${answer.text}`)
    if (outcome === 'rotated') token.keyOfUse = key
    noteTokens(model, session, token, answer.body)
  },
})

function noteTokens(
  model: Model,
  session: Session,
  consumed: RefreshToken,
  { access, refresh }: { access: string; refresh: string },
) {
  assert.equal(claimsOf(access).sid, session.uuid)
  const next = nextOf(session, consumed)
  if (next !== undefined) {
    assert.equal(refresh, next.text, 'the same successor, byte for byte')
  } else {
    assert.ok(session.refreshTokens.every(({ text }) => text !== refresh))
    session.refreshTokens.push(toToken(refresh))
    consumed.consumedAtMs = model.clock.nowMs()
  }
  session.accessTokens.push(toToken(access))
}

const revoke = command({
  name: 'revoke',
  args: anySession,
  async run(model, nodes, { node, session: index, back: steps }) {
    const session = pickSession(model, index)
    const token = refreshOf(session, steps)
    const answer = await nodes.worlds[node]!.call('POST', '/token/revoke/', { body: { refresh: token.text } })
    assert.equal(answer.status, 204, answer.text)
    if (!isLive(model, session) || model.clock.nowMs() >= token.expiresAtMs) return
    session.isEnded = true
    nodes.wrote(node)
  },
})

const logout = command({
  name: 'log out',
  args: anySession,
  async run(model, nodes, given) {
    const { session, token } = chosen(model, given)
    const answer = await callAs(nodes, given, token, 'POST', '/logout/')
    if (!works(model, session, token)) return assertRefused(answer)
    assert.equal(answer.status, 204, answer.text)
    session.isEnded = true
    nodes.wrote(given.node)
  },
})

const revokeAll = command({
  name: 'revoke all',
  args: anySession,
  async run(model, nodes, given) {
    const { session, token } = chosen(model, given)
    const answer = await callAs(nodes, given, token, 'POST', '/token/revoke_all/')
    if (!works(model, session, token)) return assertRefused(answer)
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.body, { revoked: endSessions(model, session.account) })
    nodes.wrote(given.node)
  },
})

const endOwnSession = command({
  name: 'end own session',
  args: fc.record({ node, session: which, back, other: which }),
  async run(model, nodes, given) {
    const { session, token } = chosen(model, given)
    const other = pickSession(model, given.other)
    const answer = await callAs(nodes, given, token, 'DELETE', `/me/sessions/${other.id}/`)
    if (!works(model, session, token)) return assertRefused(answer)
    const isOwn = other.account === session.account && isLive(model, other)
    assert.equal(answer.status, isOwn ? 204 : 404, answer.text)
    if (!isOwn) return
    other.isEnded = true
    nodes.wrote(given.node)
  },
})

const closeAccount = command({
  name: 'close own account',
  args: anySession,
  async run(model, nodes, given) {
    const { session, token } = chosen(model, given)
    const answer = await callAs(nodes, given, token, 'DELETE', '/me/')
    if (!works(model, session, token)) return assertRefused(answer)
    assert.equal(answer.status, 204, answer.text)
    session.account.isActive = false
    endSessions(model, session.account)
    nodes.wrote(given.node)
  },
})

const changePassword = command({
  name: 'change password',
  args: fc.record({ node, session: which, back, isRight: fc.nat({ max: 3 }).map(chance => chance > 0) }),
  async run(model, nodes, given) {
    const { session, token } = chosen(model, given)
    const { account } = session
    const password = `${account.password}+`
    const current_password = given.isRight ? account.password : `${account.password}!`
    const body = { current_password, password, password2: password }
    const answer = await callAs(nodes, given, token, 'POST', '/me/password/', body)
    if (!works(model, session, token)) return assertRefused(answer)
    if (!given.isRight) {
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, ['current_password']])
      return
    }
    assert.equal(answer.status, 204, answer.text)
    account.password = password
    endSessions(model, account, session)
    nodes.wrote(given.node)
  },
})

const observation = (name: string, observe: typeof observeAccess) =>
  command({
    name,
    args: anySession,
    run(model, nodes, given) {
      const { session, token } = chosen(model, given)
      return observe(model, nodes, given.node, session, token)
    },
  })

/** About the edges of every life there is: the bound of staleness, the reuse interval, an access token, a session. */
const shortMs = [1, 500, 1_001, 9_000, 10_000, 10_001, 31_000]
const longMs = [599_999, 600_000, 43_200_000, 86_400_000]
const moments = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...shortMs) },
  { weight: 1, arbitrary: fc.constantFrom(...longMs) },
)

const wait = command({
  name: 'wait',
  args: fc.record({ node, ms: moments }),
  isPossible: () => true,
  async run(_model, nodes, { ms }) {
    nodes.clock.advance(ms)
  },
})

export const sessionCommands: readonly fc.Arbitrary<Command>[] = [
  ...[register, register, register, signIn, signIn, signIn, signIn, refresh, refresh, refresh, refresh],
  ...[refresh, refresh, revoke, logout, revokeAll, endOwnSession, endOwnSession, closeAccount],
  ...[changePassword, changePassword, wait, wait],
  observation('check access', observeAccess),
  observation('read the profile', observeProfile),
  observation('list sessions', observeSessions),
]
