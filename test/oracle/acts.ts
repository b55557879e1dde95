import { pick, subset } from '../../gate/test/chance.ts'
import {
  deleteEntry,
  deleteRole,
  type Entry,
  held,
  holds,
  isLastSuperuser,
  type Model,
  mayDo,
  mayTouch,
  mayTouchHolders,
  nameOf,
  namesIn,
  type Person,
  pairOf,
  permissionsOf,
} from './model.ts'

/** What somebody tries, what must come of it by the rules, and what the model is then. */
export interface Act {
  readonly kind: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** The status; a rejection by the route or by rank is a 403. */
  readonly expected: number
  /** Carried out in the model when the answer is no rejection. */
  apply(model: Model, answer: { id: number }): void
  /** Whose sessions are over then. */
  readonly endsSessionsOf?: number
}

/** Names that people give: few, so that they are given, taken away and given again. */
export const entryNames = ['files', 'notes', 'plans']
const actionNames = ['sign', 'share']
export const roleNames = ['clerk', 'editor', 'warden', 'keeper', 'guard', 'scribe']
const maxPeople = 12

/** One act of this person, right or wrong, by the rules as docs/authorization.md has them. */
export function randomAct(model: Model, actor: Person, random: () => number): Act {
  const one = <T>(items: readonly T[]): T => pick(random, items)
  const people = [...model.people.values()]
  const roleIds = [...model.roles.keys()]

  const route = (resource: string, action: string) => mayDo(model, actor, resource, action).allowed
  /** Rules are asked in their order, each with the status of its breach. */
  const statusOf = (success: number, ...rules: readonly (readonly [isKept: boolean, status: number])[]) =>
    rules.find(([isKept]) => !isKept)?.[1] ?? success
  const holdsAll = (names: Iterable<string>) => [...names].every(name => holds(model, actor, name))
  const freeName = (taken: readonly string[], names: readonly string[]): string | undefined =>
    one(names.filter(name => !taken.includes(name)))

  /** Of all that could be granted, more often what the actor holds: or all would be refused. */
  function somePermissions(): string[] {
    const all = namesIn(model.resources).flatMap(resource =>
      namesIn(model.actions).map(action => `${resource}:${action}`),
    )
    const own = [...held(model, actor)]
    const mostly = subset(random, actor.isSuperuser ? all.filter(() => random() < 0.3) : own)
    return random() < 0.3 ? [...new Set([...mostly, one(all)])] : mostly
  }

  const ofPerson = (
    kind: string,
    change: (target: Person) => Pick<Act, 'body' | 'expected' | 'apply'> & Partial<Act>,
  ): Act => {
    const target = random() < 0.15 ? actor : one(people)
    return { kind, method: 'PATCH', path: `/users/${target.id}/`, ...change(target) }
  }

  const acts: readonly (() => Act | undefined)[] = [
    () =>
      ofPerson('roles of an account', target => {
        // Few at once, and more often what the actor may hand out: or some other one would be refused in any case.
        const fitting = roleIds.filter(id => holdsAll(permissionsOf(model, id)))
        const some = random() < 0.6 ? fitting : roleIds
        const moved = [...new Set([one(some), one(some)].filter(id => id !== undefined))]
        const wanted = roleIds.filter(id => moved.includes(id) !== target.roles.has(id))
        return {
          body: { roles: wanted.map(id => model.roles.get(id)!.codeName) },
          expected: statusOf(
            200,
            [route('users', 'update'), 403],
            [mayTouch(model, actor, target), 403],
            [moved.length === 0 || actor.isSuperuser || actor.id !== target.id, 403],
            [moved.every(id => holdsAll(permissionsOf(model, id))), 403],
          ),
          apply: after => {
            after.people.get(target.id)!.roles = new Set(wanted)
          },
        }
      }),
    () =>
      ofPerson('the superuser mark', target => {
        // Few of them: who is a superuser may do everything, and says little about rank.
        const isSuperuser = random() < 0.15
        const isChanged = target.isSuperuser !== isSuperuser
        return {
          body: { is_superuser: isSuperuser },
          expected: statusOf(
            200,
            [route('users', 'update'), 403],
            [mayTouch(model, actor, target), 403],
            [!isChanged || actor.isSuperuser, 403],
            [isSuperuser || !isLastSuperuser(model, target), 409],
          ),
          apply: after => {
            after.people.get(target.id)!.isSuperuser = isSuperuser
          },
        }
      }),
    () =>
      ofPerson('the staff mark', target => {
        const isStaff = random() < 0.5
        return {
          body: { is_staff: isStaff },
          expected: statusOf(
            200,
            [route('users', 'update'), 403],
            [mayTouch(model, actor, target), 403],
            [target.isStaff === isStaff || actor.isSuperuser, 403],
          ),
          apply: after => {
            after.people.get(target.id)!.isStaff = isStaff
          },
        }
      }),
    () =>
      ofPerson('an account opened or closed', target => {
        const isActive = !target.isActive || random() < 0.3
        return {
          body: { is_active: isActive },
          expected: statusOf(
            200,
            [route('users', 'update'), 403],
            [mayTouch(model, actor, target), 403],
            [isActive || !isLastSuperuser(model, target), 409],
          ),
          apply: after => {
            after.people.get(target.id)!.isActive = isActive
          },
          ...(!isActive && target.isActive && { endsSessionsOf: target.id }),
        }
      }),
    () =>
      ofPerson('an account deleted', target => ({
        method: 'DELETE',
        body: undefined,
        expected: statusOf(
          204,
          [route('users', 'delete'), 403],
          [mayTouch(model, actor, target), 403],
          [!isLastSuperuser(model, target), 409],
        ),
        apply: after => {
          after.people.get(target.id)!.isActive = false
        },
        ...(target.isActive && { endsSessionsOf: target.id }),
      })),
    () =>
      ofPerson('an account logged out', target => ({
        method: 'POST',
        path: `/token/revoke_all/${target.id}/`,
        body: undefined,
        expected: statusOf(200, [route('tokens', 'delete'), 403], [mayTouch(model, actor, target), 403]),
        apply() {},
        endsSessionsOf: target.id,
      })),
    () => {
      if (people.length >= maxPeople) return undefined
      const given = roleIds.filter(() => random() < 0.2)
      const isSuperuser = random() < (actor.isSuperuser ? 0.1 : 0.4)
      const name = `made-${Math.floor(random() * 1e9).toString(36)}`
      return {
        kind: 'a new account',
        method: 'POST',
        path: '/users/',
        body: {
          email: `${name}@example.com`,
          password: 'correct horse battery staple',
          is_superuser: isSuperuser,
          roles: given.map(id => model.roles.get(id)!.codeName),
        },
        expected: statusOf(
          201,
          [route('users', 'create'), 403],
          [!isSuperuser || actor.isSuperuser, 403],
          [given.every(id => holdsAll(permissionsOf(model, id))), 403],
        ),
        apply(after, { id }) {
          const flags = { isActive: true, isSuperuser, isStaff: false }
          after.people.set(id, { id, ...flags, roles: new Set(given) })
        },
      }
    },
    () => {
      const codeName = freeName(namesIn(model.roles), roleNames)
      if (codeName === undefined) return undefined
      const permissions = somePermissions()
      return {
        kind: 'a new role',
        method: 'POST',
        path: '/roles/',
        body: { name: codeName, code_name: codeName, permissions },
        expected: statusOf(201, [route('roles', 'create'), 403], [holdsAll(permissions), 403]),
        apply(after, { id }) {
          after.roles.set(id, {
            codeName,
            permissions: new Set(permissions.map(name => pairOf(after, name)!)),
          })
        },
      }
    },
    () => {
      if (roleIds.length === 0) return undefined
      const id = one(roleIds)
      const before = new Set(permissionsOf(model, id))
      const kept = [...before].filter(() => random() < 0.8)
      const wanted = new Set(random() < 0.5 ? kept : [...before, ...somePermissions()])
      return {
        kind: 'what a role permits',
        method: 'PATCH',
        path: `/roles/${id}/`,
        body: { permissions: [...wanted] },
        expected: statusOf(
          200,
          [route('roles', 'update'), 403],
          [holdsAll(before.symmetricDifference(wanted)), 403],
        ),
        apply(after) {
          after.roles.get(id)!.permissions = new Set([...wanted].map(name => pairOf(after, name)!))
        },
      }
    },
    () => {
      if (roleIds.length < 4) return undefined
      const id = one(roleIds)
      return {
        kind: 'a role deleted',
        method: 'DELETE',
        path: `/roles/${id}/`,
        expected: statusOf(
          204,
          [route('roles', 'delete'), 403],
          [mayTouchHolders(model, actor, id), 403],
          [holdsAll(permissionsOf(model, id)), 403],
        ),
        apply: after => deleteRole(after, id),
      }
    },
    () => {
      const codeName = freeName(namesIn(model.roles), roleNames)
      if (roleIds.length === 0 || codeName === undefined) return undefined
      const id = one(roleIds)
      return {
        kind: 'a role renamed',
        method: 'PATCH',
        path: `/roles/${id}/`,
        body: { name: codeName, code_name: codeName },
        expected: statusOf(200, [route('roles', 'update'), 403], [mayTouchHolders(model, actor, id), 403]),
        apply(after) {
          after.roles.get(id)!.codeName = codeName
        },
      }
    },
    () => {
      if (roleIds.length === 0) return undefined
      const [id, isGiven] = [one(roleIds), random() < 0.5]
      return ofPerson('one role of an account', target => ({
        method: isGiven ? 'PUT' : 'DELETE',
        path: `/users/${target.id}/roles/${model.roles.get(id)!.codeName}/`,
        body: undefined,
        expected: statusOf(
          204,
          [route('users', 'update'), 403],
          [mayTouch(model, actor, target), 403],
          [target.roles.has(id) === isGiven || actor.isSuperuser || actor.id !== target.id, 403],
          [target.roles.has(id) === isGiven || holdsAll(permissionsOf(model, id)), 403],
        ),
        apply(after) {
          const { roles } = after.people.get(target.id)!
          if (isGiven) roles.add(id)
          else roles.delete(id)
        },
      }))
    },
    () => {
      const [name] = somePermissions()
      if (roleIds.length === 0 || name === undefined) return undefined
      const [id, isGiven] = [one(roleIds), random() < 0.5]
      const isHeld = permissionsOf(model, id).includes(name)
      return {
        kind: 'one permission of a role',
        method: isGiven ? 'PUT' : 'DELETE',
        path: `/roles/${id}/permissions/${name}/`,
        expected: statusOf(
          204,
          [route('roles', 'update'), 403],
          [isHeld === isGiven || holdsAll([name]), 403],
        ),
        apply(after) {
          const { permissions } = after.roles.get(id)!
          if (isGiven) permissions.add(pairOf(after, name)!)
          else permissions.delete(pairOf(after, name)!)
        },
      }
    },
    () => {
      const part = random() < 0.6 ? 'resources' : 'actions'
      const names = part === 'resources' ? entryNames : actionNames
      const codeName = freeName(namesIn(model[part]), names)
      if (codeName === undefined) return undefined
      return {
        kind: 'a new entry of the catalogue',
        method: 'POST',
        path: `/${part}/`,
        body: { name: codeName, code_name: codeName },
        expected: statusOf(201, [route(part, 'create'), 403]),
        apply(after, { id }) {
          after[part].set(id, { codeName, isBuiltin: false })
        },
      }
    },
    () => {
      const part = random() < 0.6 ? 'resources' : 'actions'
      const [id, entry] = one([...model[part]]) as [number, Entry]
      const moved = namesOn(model, part, id)
      return {
        kind: 'an entry of the catalogue deleted',
        method: 'DELETE',
        path: `/${part}/${id}/`,
        expected: statusOf(
          204,
          [route(part, 'delete'), 403],
          [!entry.isBuiltin, 409],
          [holdsAll(moved), 403],
        ),
        apply: after => deleteEntry(after, part, id),
      }
    },
    () => {
      const part = random() < 0.6 ? 'resources' : 'actions'
      const [id, entry] = one([...model[part]]) as [number, Entry]
      const codeName = freeName(namesIn(model[part]), part === 'resources' ? entryNames : actionNames)
      if (codeName === undefined) return undefined
      const before = namesOn(model, part, id)
      const place = part === 'resources' ? 0 : 1
      const renamed = before.map(name => name.split(':').with(place, codeName).join(':'))
      return {
        kind: 'an entry of the catalogue renamed',
        method: 'PATCH',
        path: `/${part}/${id}/`,
        body: { name: codeName, code_name: codeName },
        expected: statusOf(
          200,
          [route(part, 'update'), 403],
          [!entry.isBuiltin, 409],
          [holdsAll([...before, ...renamed]), 403],
        ),
        apply(after) {
          after[part].get(id)!.codeName = codeName
        },
      }
    },
  ]
  for (;;) {
    const act = (random() < 0.25 ? acts[0]! : one(acts))()
    if (act !== undefined) return act
  }
}

/** The permissions on this resource, or of this action, that some role holds. */
function namesOn(model: Model, part: 'resources' | 'actions', id: number): string[] {
  const place = part === 'resources' ? 0 : 1
  const pairs = [...model.roles.values()].flatMap(({ permissions }) => [...permissions])
  return [...new Set(pairs)]
    .filter(pair => Number(pair.split('/')[place]) === id)
    .map(pair => nameOf(model, pair))
}
