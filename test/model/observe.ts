import assert from 'node:assert/strict'
import {
  holds,
  liveSessionsOf,
  type Model,
  permissionsOf,
  roleNamesOf,
  type Session,
  type Token,
  works,
} from './model.ts'
import type { Nodes } from './nodes.ts'

/** Some that roles give, some that only `all` covers, and one whose resource does not exist. */
const asked = [
  ...['users:read', 'users:update', 'users:delete', 'roles:read', 'roles:update', 'roles:create'],
  ...['roles:all', 'unheard-of:read'],
]
const questions = asked.map(permission => {
  const [resource, action] = permission.split(':') as [string, string]
  return { resource, action }
})

const allowedTo = ({ account }: Session) =>
  asked.map(permission => !permission.startsWith('unheard-of') && holds(account, permission))

export const lastToken = ({ accessTokens }: Session): Token => accessTokens.at(-1)!

/** Asks the node over HTTP what the holder of this token may do. */
export async function observeAccess(
  model: Model,
  nodes: Nodes,
  node: number,
  session: Session,
  token: Token,
) {
  nodes.sync(node)
  const answer = await nodes.worlds[node]!.call('POST', '/access/check/', {
    token: token.text,
    body: { checks: questions },
  })
  if (!works(model, session, token)) return assertRefused(answer)
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(
    answer.body.results.map((result: { allowed: boolean }) => result.allowed),
    allowedTo(session),
    `what the roles ${roleNamesOf(session.account)} allow on node ${node}`,
  )
}

export async function observeProfile(
  model: Model,
  nodes: Nodes,
  node: number,
  session: Session,
  token: Token,
) {
  nodes.sync(node)
  const answer = await nodes.worlds[node]!.call('GET', '/me/', { token: token.text })
  if (!works(model, session, token)) return assertRefused(answer)
  assert.equal(answer.status, 200, answer.text)
  const { account } = session
  const { id, email, is_active, is_superuser, roles, permissions } = answer.body
  assert.deepEqual(
    { id, email, is_active, is_superuser, roles, permissions },
    {
      id: account.id,
      email: account.email,
      is_active: true,
      is_superuser: false,
      roles: roleNamesOf(account),
      permissions: permissionsOf(account),
    },
  )
}

export async function observeSessions(
  model: Model,
  nodes: Nodes,
  node: number,
  session: Session,
  token: Token,
) {
  nodes.sync(node)
  const answer = await nodes.worlds[node]!.call('GET', '/me/sessions/', { token: token.text })
  if (!works(model, session, token)) return assertRefused(answer)
  assert.equal(answer.status, 200, answer.text)
  const listed = (answer.body as { id: number; uuid: string; is_active: boolean; is_current: boolean }[])
    .map(({ id, uuid, is_active, is_current }) => ({ id, uuid, is_active, is_current }))
    .sort((a, b) => a.id - b.id)
  const expected = liveSessionsOf(model, session.account)
    .map(({ id, uuid }) => ({ id, uuid, is_active: true, is_current: uuid === session.uuid }))
    .sort((a, b) => a.id - b.id)
  assert.deepEqual(listed, expected)
}

/**
 * Asks the node's own gate about every token there is, at once: no second has passed since the last write on it. One
 * question over HTTP comes first, which ends staleness as every request does.
 */
export async function observeGate(model: Model, nodes: Nodes, node: number) {
  const latest = model.sessions.at(-1)
  if (latest === undefined) return
  await observeAccess(model, nodes, node, latest, lastToken(latest))
  const { gate } = nodes.worlds[node]!.server
  const nowMs = model.clock.nowMs()
  for (const session of model.sessions) {
    for (const token of session.accessTokens) {
      const verdict = gate.authenticate(token.text, nowMs, nodes.clock.monotonicMs())
      assert.equal(
        verdict.ok,
        works(model, session, token),
        `session ${session.uuid}, ${JSON.stringify(verdict)}`,
      )
      if (!verdict.ok) continue
      const grants = gate.grantsOf(verdict.claims)
      const allowed = questions.map(({ resource, action }) => gate.allows(grants, resource, action))
      assert.deepEqual(allowed, allowedTo(session), `what node ${node} thinks of ${session.account.email}`)
    }
  }
}

/** Everything that can be asked, of both nodes. */
export async function observeAll(model: Model, nodes: Nodes) {
  for (const node of [0, 1]) {
    for (const session of model.sessions) {
      for (const observe of [observeAccess, observeProfile, observeSessions]) {
        await observe(model, nodes, node, session, lastToken(session))
      }
    }
    await observeGate(model, nodes, node)
  }
}

type Answer = Awaited<ReturnType<Nodes['worlds'][number]['call']>>

export function assertRefused(answer: Answer): void {
  assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_token'], answer.text)
}
