import assert from 'node:assert/strict'
import fc from 'fast-check'
import { accessOf, type Command, command, node, pick, pickSession, which } from './command.ts'
import {
  type Account,
  type Actor,
  endSessions,
  holds,
  holdsAll,
  type Model,
  mayTouch,
  movedBetween,
  permissionsOf,
  type Role,
  roleNamed,
  roleNamesOf,
  works,
} from './model.ts'
import type { Nodes } from './nodes.ts'

/** The superuser mostly; else whoever holds a session, with or without the permission. */
const by = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: which })
const permissions = fc.uniqueArray(
  fc.constantFrom(...['users:read', 'users:update', 'users:all', 'roles:read', 'roles:update', 'roles:all']),
  { maxLength: 3 },
)
const nameIndex = fc.nat({ max: 2 })
const nameOf = ({ prefix }: Model, index: number) => `${prefix}-role-${index}`

interface Request {
  readonly node: number
  readonly by: number | null
  readonly permission: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** The status for somebody who holds the permission. */
  expectedStatus(actor: Actor): number
}

/** Asks as whoever is meant. The answer, if this was granted; undefined when it was refused and had to be. */
async function administer(model: Model, nodes: Nodes, request: Request) {
  const { node, by, permission, method, path, body, expectedStatus } = request
  nodes.sync(node)
  const session = by === null || model.sessions.length === 0 ? undefined : pickSession(model, by)
  const token = session && accessOf(session, 0)
  const text = token?.text ?? (await nodes.superuserToken(node))
  const isAuthenticated = !session || !token || works(model, session, token)
  const actor: Actor = session?.account ?? 'superuser'
  const expected = !isAuthenticated ? 401 : !holds(actor, permission) ? 403 : expectedStatus(actor)
  const answer = await nodes.worlds[node]!.call(method, path, { token: text, body })
  assert.equal(answer.status, expected, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`)
  if (expected >= 400) return undefined
  nodes.wrote(node)
  return answer
}

const hasAccounts = ({ accounts }: Readonly<Model>) => accounts.length > 0
const hasRoles = ({ roles }: Readonly<Model>) => roles.length > 0

/** Of roles that exist, if there are any; else a name that is nobody's. */
function namesToGive(model: Model, indexes: readonly number[]): readonly string[] {
  const names = model.roles.filter(role => !role.isDeleted).map(role => role.codeName)
  if (names.length === 0) return indexes.map(each => nameOf(model, each))
  return [...new Set(indexes.map(each => pick(names, each)))]
}

const giveRoles = command({
  name: 'give roles',
  args: fc.record({ node, by, account: which, roles: fc.uniqueArray(nameIndex, { maxLength: 2 }) }),
  isPossible: hasAccounts,
  async run(model, nodes, { node, by, account: index, roles }) {
    const account = pick(model.accounts, index)
    const names = namesToGive(model, roles)
    const found = names.flatMap(name => roleNamed(model, name) ?? [])
    const moved = movedBetween(account.roles, found)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'users:update', method: 'PATCH', path: `/users/${account.id}/` },
      body: { roles: names },
      expectedStatus(actor) {
        if (!mayTouch(actor, account)) return 403
        if (found.length < names.length) return 400
        if (moved.length === 0) return 200
        return actor !== account && moved.every(role => holdsAll(actor, role.permissions)) ? 200 : 403
      },
    })
    if (answer === undefined) return
    account.roles = found
    assert.deepEqual(answer.body.roles, roleNamesOf(account))
  },
})

function setActive(model: Model, account: Account, isActive: boolean) {
  account.isActive = isActive
  if (!isActive) endSessions(model, account)
}

const switchAccount = (name: string, isActive: boolean) =>
  command({
    name,
    args: fc.record({ node, by, account: which }),
    isPossible: hasAccounts,
    async run(model, nodes, { node, by, account: index }) {
      const account = pick(model.accounts, index)
      const answer = await administer(model, nodes, {
        ...{ node, by, permission: 'users:update', method: 'PATCH', path: `/users/${account.id}/` },
        body: { is_active: isActive },
        expectedStatus: actor => (mayTouch(actor, account) ? 200 : 403),
      })
      if (answer === undefined) return
      setActive(model, account, isActive)
      assert.equal(answer.body.is_active, isActive)
    },
  })

const deleteAccount = command({
  name: 'delete account',
  args: fc.record({ node, by, account: which }),
  isPossible: hasAccounts,
  async run(model, nodes, { node, by, account: index }) {
    const account = pick(model.accounts, index)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'users:delete', method: 'DELETE', path: `/users/${account.id}/` },
      expectedStatus: actor => (mayTouch(actor, account) ? 204 : 403),
    })
    if (answer !== undefined) setActive(model, account, false)
  },
})

const makeRole = command({
  name: 'make role',
  args: fc.record({ node, by, name: nameIndex, permissions }),
  isPossible: () => true,
  async run(model, nodes, { node, by, name, permissions }) {
    const codeName = nameOf(model, name)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'roles:create', method: 'POST', path: '/roles/' },
      body: { name: `${model.prefix} ${model.roles.length}`, code_name: codeName, permissions },
      expectedStatus(actor) {
        if (roleNamed(model, codeName) !== undefined) return 409
        return holdsAll(actor, permissions) ? 201 : 403
      },
    })
    if (answer === undefined) return
    assert.deepEqual(answer.body.permissions, permissions.toSorted())
    model.roles.push({ id: answer.body.id, codeName, permissions, isDeleted: false })
  },
})

const changePermissions = command({
  name: 'change permissions',
  args: fc.record({ node, by, role: which, permissions }),
  isPossible: hasRoles,
  async run(model, nodes, { node, by, role: index, permissions }) {
    const role = pick(model.roles, index)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'roles:update', method: 'PATCH', path: `/roles/${role.id}/` },
      body: { permissions },
      expectedStatus(actor) {
        if (role.isDeleted) return 404
        return holdsAll(actor, movedBetween(role.permissions, permissions)) ? 200 : 403
      },
    })
    if (answer === undefined) return
    role.permissions = permissions
    assert.deepEqual(answer.body.permissions, permissions.toSorted())
  },
})

const renameRole = command({
  name: 'rename role',
  args: fc.record({ node, by, role: which, name: nameIndex }),
  isPossible: hasRoles,
  async run(model, nodes, { node, by, role: index, name }) {
    const role = pick(model.roles, index)
    const codeName = nameOf(model, name)
    const taken = roleNamed(model, codeName)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'roles:update', method: 'PATCH', path: `/roles/${role.id}/` },
      body: { code_name: codeName },
      expectedStatus: () => (role.isDeleted ? 404 : taken !== undefined && taken !== role ? 409 : 200),
    })
    if (answer === undefined) return
    role.codeName = codeName
    assert.equal(answer.body.code_name, codeName)
  },
})

function takeFromHolders({ accounts }: Model, role: Role) {
  role.isDeleted = true
  for (const account of accounts) account.roles = account.roles.filter(each => each !== role)
}

const deleteRole = command({
  name: 'delete role',
  args: fc.record({ node, by, role: which }),
  isPossible: hasRoles,
  async run(model, nodes, { node, by, role: index }) {
    const role = pick(model.roles, index)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'roles:delete', method: 'DELETE', path: `/roles/${role.id}/` },
      expectedStatus: actor => (role.isDeleted ? 404 : holdsAll(actor, role.permissions) ? 204 : 403),
    })
    if (answer !== undefined) takeFromHolders(model, role)
  },
})

const revokeAllOf = command({
  name: 'revoke all of a user',
  args: fc.record({ node, by, account: which }),
  isPossible: hasAccounts,
  async run(model, nodes, { node, by, account: index }) {
    const account = pick(model.accounts, index)
    const answer = await administer(model, nodes, {
      ...{ node, by, permission: 'tokens:delete', method: 'POST', path: `/token/revoke_all/${account.id}/` },
      expectedStatus: actor => (mayTouch(actor, account) ? 200 : 403),
    })
    if (answer !== undefined) assert.deepEqual(answer.body, { revoked: endSessions(model, account) })
  },
})

const readUser = command({
  name: 'read the user',
  args: fc.record({ node, account: which }),
  isPossible: hasAccounts,
  async run(model, nodes, { node, account: index }) {
    const account = pick(model.accounts, index)
    nodes.sync(node)
    const token = await nodes.superuserToken(node)
    const row = await nodes.worlds[node]!.call('GET', `/users/${account.id}/`, { token })
    const { is_active, roles } = row.body
    assert.deepEqual({ is_active, roles }, { is_active: account.isActive, roles: roleNamesOf(account) })
    const checks = [{ resource: 'roles', action: 'read' }]
    const body = { checks, user_id: account.id }
    const checked = await nodes.worlds[node]!.call('POST', '/access/check/', { token, body })
    assert.equal(checked.status, 200, checked.text)
    const allowed = account.isActive && holds(account, 'roles:read')
    assert.equal(checked.body.results[0].allowed, allowed, permissionsOf(account).join())
  },
})

const deactivate = switchAccount('deactivate', false)
const reactivate = switchAccount('reactivate', true)

export const administrationCommands: readonly fc.Arbitrary<Command>[] = [
  ...[giveRoles, giveRoles, giveRoles, giveRoles, giveRoles, makeRole, makeRole, changePermissions],
  ...[changePermissions, renameRole, deleteRole, deactivate, reactivate, reactivate, deleteAccount],
  ...[revokeAllOf, readUser],
]

/** Takes the roles of a run away again, so that the next one begins with a small server. */
export async function clearRoles(model: Model, nodes: Nodes): Promise<void> {
  for (const role of model.roles.filter(each => !each.isDeleted)) {
    const request = { node: 0, by: null, permission: 'roles:delete', method: 'DELETE' }
    await administer(model, nodes, { ...request, path: `/roles/${role.id}/`, expectedStatus: () => 204 })
    takeFromHolders(model, role)
  }
}
