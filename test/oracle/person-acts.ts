import { type Act, type MakeAct, type Making, outcomeOf } from './acts.ts'
import { heldAt, isLastSuperuser, type Person, permissionsOf } from './model.ts'

const maxPeople = 12

export function personActs(making: Making): readonly MakeAct[] {
  const { model, actor, random, one, people, roleIds, route, touches, holdsAll, stepsUp } = making

  const permissionsOfAll = (ids: readonly number[]) => ids.flatMap(id => permissionsOf(model, id))
  const ofPerson = (
    kind: string,
    change: (target: Person) => Pick<Act, 'body' | 'expected' | 'apply'> & Partial<Act>,
  ): Act => {
    const target = random() < 0.15 ? model.people.get(actor.id)! : one(people)
    return { kind, method: 'PATCH', path: `/users/${target.id}/`, ...change(target) }
  }

  return [
    () =>
      ofPerson('roles of an account', target => {
        // Few at once, and more often what the actor may hand out: or some other one would be refused in any case.
        const fitting = roleIds.filter(id => heldAt(model, actor, permissionsOf(model, id)) === 'held')
        const some = random() < 0.6 ? fitting : roleIds
        const moved = [...new Set([one(some), one(some)].filter(id => id !== undefined))]
        const wanted = roleIds.filter(id => moved.includes(id) !== target.roles.has(id))
        return {
          body: { roles: wanted.map(id => model.roles.get(id)!.codeName) },
          expected: as =>
            outcomeOf(
              200,
              route(as, 'users', 'update'),
              touches(as, target),
              [moved.length === 0 || as.isSuperuser || as.id !== target.id, 403],
              holdsAll(as, permissionsOfAll(moved)),
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
          expected: as =>
            outcomeOf(
              200,
              route(as, 'users', 'update'),
              stepsUp(as),
              touches(as, target),
              [!isChanged || as.isSuperuser, 403],
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
          expected: as =>
            outcomeOf(200, route(as, 'users', 'update'), stepsUp(as), touches(as, target), [
              target.isStaff === isStaff || as.isSuperuser,
              403,
            ]),
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
          expected: as =>
            outcomeOf(
              200,
              route(as, 'users', 'update'),
              stepsUp(as, !isActive && target.isSuperuser),
              touches(as, target),
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
        expected: as =>
          outcomeOf(204, route(as, 'users', 'delete'), stepsUp(as, target.isSuperuser), touches(as, target), [
            !isLastSuperuser(model, target),
            409,
          ]),
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
        expected: as => outcomeOf(200, route(as, 'tokens', 'delete'), touches(as, target)),
        apply() {},
        endsSessionsOf: target.id,
      })),
    () => {
      if (roleIds.length === 0) return undefined
      const [id, isGiven] = [one(roleIds), random() < 0.5]
      return ofPerson('one role of an account', target => {
        const isNothing = target.roles.has(id) === isGiven
        return {
          method: isGiven ? 'PUT' : 'DELETE',
          path: `/users/${target.id}/roles/${model.roles.get(id)!.codeName}/`,
          body: undefined,
          expected: as =>
            outcomeOf(
              204,
              route(as, 'users', 'update'),
              touches(as, target),
              [isNothing || as.isSuperuser || as.id !== target.id, 403],
              holdsAll(as, isNothing ? [] : permissionsOf(model, id)),
            ),
          apply(after) {
            const { roles } = after.people.get(target.id)!
            if (isGiven) roles.add(id)
            else roles.delete(id)
          },
        }
      })
    },
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
        expected: as =>
          outcomeOf(
            201,
            route(as, 'users', 'create'),
            stepsUp(as),
            [!isSuperuser || as.isSuperuser, 403],
            holdsAll(as, permissionsOfAll(given)),
          ),
        apply(after, { id }) {
          const flags = { isActive: true, isSuperuser, isStaff: false, hasFactor: false }
          after.people.set(id, { id, ...flags, roles: new Set(given) })
        },
      }
    },
  ]
}
