import { type MakeAct, type Making, outcomeOf, roleNames } from './acts.ts'
import { deleteRole, type Level, mayTouchHolders, namesIn, pairOf, permissionsOf } from './model.ts'

export function roleActs(making: Making): readonly MakeAct[] {
  const { model, random, one, roleIds, freeName, somePermissions, route, holdsAll } = making
  const someLevel = (): Level => (random() < 0.4 ? 'aal2' : 'aal1')

  return [
    () => {
      const codeName = freeName(namesIn(model.roles), roleNames)
      if (codeName === undefined) return undefined
      const [permissions, level] = [somePermissions(), someLevel()]
      return {
        kind: 'a new role',
        method: 'POST',
        path: '/roles/',
        body: { name: codeName, code_name: codeName, permissions, requires_aal: level },
        expected: as => outcomeOf(201, route(as, 'roles', 'create'), holdsAll(as, permissions)),
        apply(after, { id }) {
          const pairs = new Set(permissions.map(name => pairOf(after, name)!))
          after.roles.set(id, { codeName, permissions: pairs, level })
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
        expected: as =>
          outcomeOf(200, route(as, 'roles', 'update'), holdsAll(as, before.symmetricDifference(wanted))),
        apply(after) {
          after.roles.get(id)!.permissions = new Set([...wanted].map(name => pairOf(after, name)!))
        },
      }
    },
    () => {
      if (roleIds.length === 0) return undefined
      const id = one(roleIds)
      const level = model.roles.get(id)!.level === 'aal1' || random() < 0.2 ? 'aal2' : 'aal1'
      const before = permissionsOf(model, id)
      const wanted = random() < 0.3 ? somePermissions() : undefined
      const isChanged = level !== model.roles.get(id)!.level
      const all = new Set(before).union(new Set(wanted))
      const moved = new Set(before).symmetricDifference(new Set(wanted ?? before))
      return {
        kind: 'the level of a role',
        method: 'PATCH',
        path: `/roles/${id}/`,
        body: {
          requires_aal: level === 'aal1' && random() < 0.5 ? null : level,
          ...(wanted && { permissions: wanted }),
        },
        // With the level moves all that it permits.
        expected: as => outcomeOf(200, route(as, 'roles', 'update'), holdsAll(as, isChanged ? all : moved)),
        apply(after) {
          const role = after.roles.get(id)!
          role.level = level
          if (wanted !== undefined) role.permissions = new Set(wanted.map(name => pairOf(after, name)!))
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
        expected: as =>
          outcomeOf(
            204,
            route(as, 'roles', 'delete'),
            [mayTouchHolders(model, as, id), 403],
            holdsAll(as, permissionsOf(model, id)),
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
        expected: as => outcomeOf(200, route(as, 'roles', 'update'), [mayTouchHolders(model, as, id), 403]),
        apply(after) {
          after.roles.get(id)!.codeName = codeName
        },
      }
    },
    () => {
      const [name] = somePermissions()
      if (roleIds.length === 0 || name === undefined) return undefined
      const [id, isGiven] = [one(roleIds), random() < 0.5]
      const isNothing = permissionsOf(model, id).includes(name) === isGiven
      return {
        kind: 'one permission of a role',
        method: isGiven ? 'PUT' : 'DELETE',
        path: `/roles/${id}/permissions/${name}/`,
        expected: as => outcomeOf(204, route(as, 'roles', 'update'), holdsAll(as, isNothing ? [] : [name])),
        apply(after) {
          const { permissions } = after.roles.get(id)!
          if (isGiven) permissions.add(pairOf(after, name)!)
          else permissions.delete(pairOf(after, name)!)
        },
      }
    },
  ]
}
