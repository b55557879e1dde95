import { type MakeAct, type Making, outcomeOf } from './acts.ts'
import { type Actor, type Key, mayTouch, pairOf, permissionsOf } from './model.ts'

const maxKeys = 8

export function keyActs(making: Making): readonly MakeAct[] {
  const { model, random, one, roleIds, somePermissions, route, holdsAll, stepsUp } = making
  /** A program may change its own key; of another it has no more than its rank. */
  const touchesOwner = (as: Actor, key: Key) =>
    [as.key?.id === key.id ? 'held' : mayTouch(model, as, model.people.get(key.ownerId)!), 403] as const

  return [
    () => {
      if (model.keys.size >= maxKeys) return undefined
      const roles = roleIds.filter(() => random() < 0.2)
      const permissions = somePermissions()
      if (roles.length + permissions.length === 0) return undefined
      const all = [...permissions, ...roles.flatMap(id => permissionsOf(model, id))]
      return {
        kind: 'a new API key',
        method: 'POST',
        path: '/api_keys/',
        body: { name: 'a program', permissions, roles: roles.map(id => model.roles.get(id)!.codeName) },
        expected: as => outcomeOf(201, route(as, 'api_keys', 'create'), stepsUp(as), holdsAll(as, all)),
        apply(after, { id, key }) {
          const pairs = new Set(permissions.map(name => pairOf(after, name)!))
          const ownerId = making.actor.id
          after.keys.set(id, { id, ownerId, roles: new Set(roles), permissions: pairs, secret: key! })
        },
      }
    },
    () => {
      if (model.keys.size < 2) return undefined
      const key = one([...model.keys.values()])
      return {
        kind: 'an API key deleted',
        method: 'DELETE',
        path: `/api_keys/${key.id}/`,
        expected: as => outcomeOf(204, route(as, 'api_keys', 'delete'), touchesOwner(as, key)),
        apply: after => void after.keys.delete(key.id),
      }
    },
    () => {
      if (model.keys.size === 0) return undefined
      const key = one([...model.keys.values()])
      const isItself = (as: Actor) => as.key === undefined || as.key.id === key.id
      return {
        kind: 'an API key rotated',
        method: 'POST',
        path: `/api_keys/${key.id}/rotate/`,
        body: { overlap: '0s' },
        // Another program with the new secret would have what this one was given.
        expected: as =>
          outcomeOf(200, route(as, 'api_keys', 'update'), stepsUp(as), touchesOwner(as, key), [
            as.id === key.ownerId && isItself(as),
            403,
          ]),
        apply(after, answer) {
          after.keys.set(key.id, { ...after.keys.get(key.id)!, secret: answer.key! })
        },
      }
    },
  ]
}
