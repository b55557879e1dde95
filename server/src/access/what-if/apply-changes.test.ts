import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { AccessChange, AccessModel } from './access-model.ts'
import { applyChanges } from './apply-changes.ts'
import { Pace } from './pace.ts'

/** How often any set was walked over while `work` ran. */
async function walksOf<T>(work: () => Promise<T>): Promise<[T, number]> {
  const walk = Set.prototype[Symbol.iterator]
  let walks = 0
  Set.prototype[Symbol.iterator] = function (this: Set<unknown>) {
    walks += 1
    return walk.call(this)
  }
  try {
    return [await work(), walks]
  } finally {
    Set.prototype[Symbol.iterator] = walk
  }
}

const names = Array.from({ length: 40 }, (_, index) => `thing_${index}`)
const allOf = (actions: readonly string[]) =>
  names.flatMap(resource => actions.map(action => `${resource}:${action}`))

function modelOf(roles: ReadonlyMap<string, ReadonlySet<string>>): AccessModel {
  return {
    resources: new Map(names.map(name => [name, false])),
    actions: new Map([
      ['read', true],
      ['approve', false],
      ['sign', false],
    ]),
    roles,
    users: new Map(),
    activeSuperusers: 1,
  }
}

it('many deletions walk once over what each role permits, whatever their number', async () => {
  const roles = new Map(['one', 'two', 'three'].map(role => [role, new Set(allOf(['read', 'sign']))]))
  const changes: AccessChange[] = [
    ...names.slice(1).map(resource => ({ kind: 'delete_resource', resource }) as const),
    { kind: 'delete_action', action: 'sign' },
  ]
  const [{ model, faults }, walks] = await walksOf(() => applyChanges(modelOf(roles), changes, new Pace()))
  assert.deepEqual(faults, [])
  for (const held of model.roles.values()) assert.deepEqual([...held], ['thing_0:read'])
  assert.equal(walks, roles.size)
})

it('many changes of one role copy what it permits once, and leave the model that was given as it is', async () => {
  const before = new Set(allOf(['read']))
  const changes: AccessChange[] = names.flatMap(name => [
    { kind: 'grant_permission', role: 'one', permission: `${name}:approve` } as const,
    { kind: 'take_permission', role: 'one', permission: `${name}:read` } as const,
  ])
  const given = modelOf(new Map([['one', before]]))
  const [{ model, faults }, walks] = await walksOf(() => applyChanges(given, changes, new Pace()))
  assert.deepEqual(faults, [])
  assert.deepEqual([...(model.roles.get('one') ?? [])].toSorted(), allOf(['approve']).toSorted())
  assert.equal(walks, 1)
  assert.equal(before.size, names.length)
})

it('what is deleted is unknown to the changes after it, and gone from what was granted before it', async () => {
  const changes: AccessChange[] = [
    { kind: 'grant_permission', role: 'one', permission: 'thing_1:sign' },
    { kind: 'grant_permission', role: 'one', permission: 'thing_2:approve' },
    { kind: 'delete_resource', resource: 'thing_1' },
    { kind: 'take_permission', role: 'one', permission: 'thing_1:sign' },
    { kind: 'delete_resource', resource: 'thing_1' },
  ]
  const given = modelOf(new Map([['one', new Set<string>()]]))
  const { model, faults } = await applyChanges(given, changes, new Pace())
  assert.deepEqual(
    faults.map(({ index, field }) => [index, field]),
    [
      [3, 'permission'],
      [4, 'resource'],
    ],
  )
  assert.deepEqual([...(model.roles.get('one') ?? [])], ['thing_2:approve'])
})
