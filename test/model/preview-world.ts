import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { EngineName } from '../support/engines.ts'
import type { Change } from '../support/preview.ts'
import { type Account, testWorld } from '../support/world.ts'

const resources = ['area-0', 'area-1', 'area-2']
const actions = ['act-0', 'act-1']
const roles = ['role-0', 'role-1', 'role-2', 'role-3']
const heldActions = [...actions, 'read', 'all']
const permissions = resources.flatMap(resource => heldActions.map(action => `${resource}:${action}`))
const userCount = 6

/** A small installation: what each role permits, and what each user is. */
const installation = fc.record({
  roles: fc.array(fc.uniqueArray(fc.constantFrom(...permissions), { maxLength: 4 }), {
    minLength: roles.length,
    maxLength: roles.length,
  }),
  users: fc.array(
    fc.record({
      is_active: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      is_superuser: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
      roles: fc.uniqueArray(fc.constantFrom(...roles), { maxLength: 3 }),
    }),
    { minLength: userCount, maxLength: userCount },
  ),
})

const role = fc.constantFrom(...roles)
const user = fc.nat(userCount - 1)
const permission = fc.constantFrom(...permissions)

/** Users stand in these as their places; what is deleted can be named again, which is then unknown. */
const change = fc.oneof(
  fc.record({ kind: fc.constantFrom('grant_permission', 'take_permission'), role, permission }),
  fc.record({ kind: fc.constantFrom('grant_permission', 'take_permission'), role, permission }),
  fc.record({ kind: fc.constantFrom('give_role', 'take_role'), user_id: user, role }),
  fc.record({ kind: fc.constantFrom('deactivate_user', 'reactivate_user'), user_id: user }),
  fc.record({ kind: fc.constant('delete_role'), role }),
  fc.record({ kind: fc.constant('delete_resource'), resource: fc.constantFrom(...resources) }),
  fc.record({ kind: fc.constant('delete_action'), action: fc.constantFrom(...actions) }),
)

export const installations = installation
export const changeLists = fc.array(change, { minLength: 1, maxLength: 6 })

type Installation = typeof installation extends fc.Arbitrary<infer Value> ? Value : never

/** A server whose accounts are made anew for each run, and which carries out changes as an administrator would. */
export async function openPreviewWorld(engine: EngineName) {
  const world = await testWorld({ engine })
  const root = await world.superuser()
  const users: Account[] = []
  for (let index = 0; index < userCount; index++) users.push(await world.register())

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: root.access, body })

  const done = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path} ${answer.text}`)
    return answer.body
  }

  const rowsOf = async (path: string): Promise<{ id: number; code_name: string; permissions: string[] }[]> =>
    (await done('GET', `${path}?limit=200`)).results

  const find = async (path: string, codeName: string | undefined) =>
    (await rowsOf(path)).find(row => row.code_name === codeName)

  async function ensure(path: string, names: readonly string[]): Promise<void> {
    const known = new Set((await rowsOf(path)).map(row => row.code_name))
    for (const name of names) if (!known.has(name)) await done('POST', path, { name, code_name: name })
  }

  async function furnish(made: Installation): Promise<void> {
    await ensure('/resources/', resources)
    await ensure('/actions/', actions)
    await ensure('/roles/', roles)
    for (const { id, code_name } of await rowsOf('/roles/')) {
      await done('PATCH', `/roles/${id}/`, { permissions: made.roles[roles.indexOf(code_name)] })
    }
    for (const [index, account] of users.entries()) {
      await done('PATCH', `/users/${account.id}/`, made.users[index])
    }
  }

  /** Does it, or says that it cannot be done. What is named must be there, as in a preview. */
  async function carryOut(change: Change): Promise<boolean> {
    const isThere = async (path: string, name: string | undefined) =>
      name === undefined || (await find(path, name)) !== undefined
    const [resource, action] = change.permission?.split(':') ?? [change.resource, change.action]
    if (!(await isThere('/resources/', resource))) return false
    if (!(await isThere('/actions/', action))) return false
    const row = await find('/roles/', change.role)
    if (change.role !== undefined && row === undefined) return false
    const without = (list: readonly string[], one: string | undefined) => list.filter(each => each !== one)
    const userPath = `/users/${change.user_id}/`
    switch (change.kind) {
      case 'grant_permission':
      case 'take_permission': {
        const held = without(row!.permissions, change.permission)
        const isGiven = change.kind === 'grant_permission'
        await done('PATCH', `/roles/${row!.id}/`, {
          permissions: isGiven ? [...held, change.permission] : held,
        })
        return true
      }
      case 'give_role':
      case 'take_role': {
        const held = without((await done('GET', userPath)).roles, change.role)
        await done('PATCH', userPath, { roles: change.kind === 'give_role' ? [...held, change.role] : held })
        return true
      }
      case 'deactivate_user':
      case 'reactivate_user':
        await done('PATCH', userPath, { is_active: change.kind === 'reactivate_user' })
        return true
      case 'delete_role':
        await done('DELETE', `/roles/${row!.id}/`)
        return true
      default: {
        const path = change.kind === 'delete_resource' ? '/resources/' : '/actions/'
        await done('DELETE', `${path}${(await find(path, change.resource ?? change.action))!.id}/`)
        return true
      }
    }
  }

  /** The pairs that the catalogue has now. */
  async function pairs() {
    const allActions = await rowsOf('/actions/')
    return (await rowsOf('/resources/')).flatMap(({ code_name: resource }) =>
      allActions.map(({ code_name: action }) => ({ resource, action })),
    )
  }

  /** Every pair of these that each user may do, asked one by one. */
  async function whoMay(asked: Awaited<ReturnType<typeof pairs>>): Promise<Map<number, Set<string>>> {
    const allowed = new Map<number, Set<string>>()
    for (const { id } of [root, ...users]) {
      const names = new Set<string>()
      for (let from = 0; from < asked.length; from += 100) {
        const checks = asked.slice(from, from + 100)
        const { results } = await done('POST', '/access/check/', { checks, user_id: id })
        for (const each of results) if (each.allowed) names.add(`${each.resource}:${each.action}`)
      }
      allowed.set(id, names)
    }
    return allowed
  }

  const withIds = (changes: readonly Change[]): readonly Change[] =>
    changes.map(change =>
      change.user_id === undefined ? change : { ...change, user_id: users[change.user_id]!.id },
    )

  return { world, call, done, users, furnish, carryOut, pairs, whoMay, withIds }
}
