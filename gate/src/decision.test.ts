import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance, pick, subset } from '../test/chance.ts'
import {
  catalogueOf,
  type HeldByRole,
  heldIn,
  roleNamed,
  rolesOf,
  testCatalogue,
  testGate,
} from '../test/issuer.ts'
import type { Grants, Reason } from './index.ts'

const roles = {
  reader: ['documents:read', 'reports:read'],
  editor: ['documents:read', 'documents:update', 'documents:approve'],
  archivist: ['documents:all'],
  /** Holds in a session of level aal2 only. */
  guarded: { aal2: ['documents:delete', 'documents:read', 'reports:all'] },
  /** What a role may still say for a moment, when the change of the catalogue is received first. */
  stale: ['removed:read', 'documents:removed'],
  idle: [],
}

function gateOf(registry: Parameters<typeof rolesOf>[0], catalogue = testCatalogue) {
  const gate = testGate([])
  gate.load({ keys: [], roles: rolesOf(registry), catalogue, changes: [] })
  return gate
}

const holding = (...names: string[]): Grants => ({ roles: names, isSuperuser: false })
const strongly = (...names: string[]): Grants => ({ ...holding(...names), acr: 'aal2' })
const superuser: Grants = { roles: ['reader'], isSuperuser: true }
const needsFactor = (role: string, permission: string): Reason => ({
  requires_aal: 'aal2',
  by: { role, permission },
})

const table: [who: Grants, resource: string, action: string, because: Reason[]][] = [
  [holding('reader'), 'documents', 'read', [{ role: 'reader', permission: 'documents:read' }]],
  [holding('reader'), 'documents', 'update', [{ missing: 'documents:update' }]],
  [holding('editor'), 'documents', 'approve', [{ role: 'editor', permission: 'documents:approve' }]],
  [holding('editor'), 'documents', 'all', [{ missing: 'documents:all' }]],
  [holding('editor'), 'reports', 'read', [{ missing: 'reports:read' }]],
  [holding('archivist'), 'documents', 'update', [{ role: 'archivist', permission: 'documents:all' }]],
  [holding('archivist'), 'documents', 'delete', [{ role: 'archivist', permission: 'documents:all' }]],
  [holding('archivist'), 'documents', 'shred', [{ unknown: 'action', name: 'shred' }]],
  [holding('archivist'), 'documents', 'all', [{ role: 'archivist', permission: 'documents:all' }]],
  [holding('archivist'), 'reports', 'read', [{ missing: 'reports:read' }]],
  [
    holding('reader', 'archivist', 'editor', 'reader'),
    'documents',
    'read',
    [
      { role: 'reader', permission: 'documents:read' },
      { role: 'archivist', permission: 'documents:all' },
      { role: 'editor', permission: 'documents:read' },
    ],
  ],
  [holding(), 'documents', 'read', [{ missing: 'documents:read' }]],
  [holding('idle'), 'documents', 'read', [{ missing: 'documents:read' }]],
  [holding('nobody'), 'documents', 'read', [{ missing: 'documents:read' }]],
  [holding('__proto__', 'constructor'), 'documents', 'read', [{ missing: 'documents:read' }]],
  [holding('archivist'), 'unknown', 'read', [{ unknown: 'resource', name: 'unknown' }]],
  [holding('archivist'), '__proto__', 'all', [{ unknown: 'resource', name: '__proto__' }]],
  [holding('stale'), 'removed', 'read', [{ unknown: 'resource', name: 'removed' }]],
  [holding('stale'), 'documents', 'removed', [{ unknown: 'action', name: 'removed' }]],
  [
    holding('reader'),
    'documents:read',
    '',
    [
      { unknown: 'resource', name: 'documents:read' },
      { unknown: 'action', name: '' },
    ],
  ],
  [
    holding('reader'),
    '',
    'documents:read',
    [
      { unknown: 'resource', name: '' },
      { unknown: 'action', name: 'documents:read' },
    ],
  ],
  [holding('reader'), 'DOCUMENTS', 'read', [{ unknown: 'resource', name: 'DOCUMENTS' }]],
  [holding('guarded'), 'documents', 'delete', [needsFactor('guarded', 'documents:delete')]],
  [strongly('guarded'), 'documents', 'delete', [{ role: 'guarded', permission: 'documents:delete' }]],
  [holding('guarded'), 'reports', 'update', [needsFactor('guarded', 'reports:all')]],
  [strongly('guarded'), 'reports', 'update', [{ role: 'guarded', permission: 'reports:all' }]],
  [holding('guarded'), 'documents', 'update', [{ missing: 'documents:update' }]],
  [strongly('guarded'), 'documents', 'update', [{ missing: 'documents:update' }]],
  [holding('guarded', 'reader'), 'documents', 'read', [{ role: 'reader', permission: 'documents:read' }]],
  [
    strongly('guarded', 'reader'),
    'documents',
    'read',
    [
      { role: 'guarded', permission: 'documents:read' },
      { role: 'reader', permission: 'documents:read' },
    ],
  ],
  [
    { ...holding('guarded'), acr: 'aal3' as 'aal2' },
    'documents',
    'delete',
    [needsFactor('guarded', 'documents:delete')],
  ],
  [strongly('reader'), 'documents', 'read', [{ role: 'reader', permission: 'documents:read' }]],
  [superuser, 'documents', 'delete', [{ superuser: true }]],
  [superuser, 'documents', 'approve', [{ superuser: true }]],
  [superuser, 'documents', 'shred', [{ unknown: 'action', name: 'shred' }]],
  [
    superuser,
    'unknown',
    'anything',
    [
      { unknown: 'resource', name: 'unknown' },
      { unknown: 'action', name: 'anything' },
    ],
  ],
]

describe('a decision', () => {
  const gate = gateOf(roles)
  for (const [who, resource, action, because] of table) {
    const allowed = 'role' in because[0]! || 'superuser' in because[0]!
    const level = who.acr === undefined ? '' : ` at ${who.acr}`
    const name = who.isSuperuser ? 'a superuser' : `[${who.roles.join(', ')}]${level}`
    it(`${allowed ? 'allows' : 'denies'} ${name} ${resource}:${action}`, () => {
      assert.equal(gate.allows(who, resource, action), allowed)
      assert.deepEqual(gate.decide(who, resource, action), { allowed, because })
    })
  }

  it('does not mix up combinations of roles whose names run together', () => {
    const tricky = gateOf(
      { 'a,b': ['x:read'], a: [], b: [], '"a","b"': ['y:read'], 'a\u0000b': ['z:read'] },
      catalogueOf(['x', 'y', 'z'], ['read']),
    )
    for (const resource of ['x', 'y', 'z'])
      assert.equal(tricky.allows(holding('a', 'b'), resource, 'read'), false)
    assert.equal(tricky.allows(holding('a,b'), 'x', 'read'), true)
    assert.equal(tricky.allows(holding('a', 'b'), 'x', 'read'), false)
  })

  it('follows a list of roles that its owner changes', () => {
    const names = ['reader']
    assert.equal(gate.allows(holding(...names), 'documents', 'update'), false)
    const who = { roles: names, isSuperuser: false }
    assert.equal(gate.allows(who, 'documents', 'update'), false)
    names.push('editor')
    assert.equal(gate.allows(who, 'documents', 'update'), true)
  })

  it('gives the same answers when a permission’s bit passes from one role to another', () => {
    const changing = gateOf({ a: ['x:read'], b: ['y:read'] }, catalogueOf(['x', 'y', 'z'], ['read']))
    const a = Object.freeze({ roles: Object.freeze(['a']), isSuperuser: false })
    const b = Object.freeze({ roles: Object.freeze(['b']), isSuperuser: false })
    assert.equal(changing.allows(a, 'x', 'read'), true)
    changing.apply({ id: 1, expiresAtMs: 1, kind: 'role_permissions', ...roleNamed('a'), permissions: [] })
    changing.apply({
      id: 2,
      expiresAtMs: 1,
      kind: 'role_permissions',
      ...roleNamed('b'),
      permissions: ['y:read', 'z:read'],
    })
    assert.equal(changing.allows(a, 'z', 'read'), false)
    assert.equal(changing.allows(a, 'x', 'read'), false)
    assert.equal(changing.allows(b, 'z', 'read'), true)
  })
})

describe('the permissions of grants', () => {
  const gate = gateOf(roles)

  it('are sorted, and each is named once', () => {
    assert.deepEqual(gate.permissionsOf(holding('reader', 'editor')), [
      'documents:approve',
      'documents:read',
      'documents:update',
      'reports:read',
    ])
    assert.deepEqual(gate.permissionsOf(holding('archivist')), ['documents:all'])
    assert.deepEqual(gate.permissionsOf(holding('nobody')), [])
  })

  it('are those that hold in a session of its level', () => {
    assert.deepEqual(gate.permissionsOf(holding('guarded', 'archivist')), ['documents:all'])
    const all = ['documents:all', 'documents:delete', 'documents:read', 'reports:all']
    assert.deepEqual(gate.permissionsOf(strongly('guarded', 'archivist')), all)
  })

  it('of a superuser are all that any role holds', () => {
    assert.deepEqual(gate.permissionsOf(superuser), [
      'documents:all',
      'documents:approve',
      'documents:delete',
      'documents:read',
      'documents:removed',
      'documents:update',
      'removed:read',
      'reports:all',
      'reports:read',
    ])
  })

  it('cover what is asked, or the first that they do not is named', () => {
    assert.equal(gate.missingFrom(holding('reader'), []), undefined)
    assert.equal(gate.missingFrom(holding('reader'), ['documents:read', 'reports:read']), undefined)
    assert.equal(
      gate.missingFrom(holding('reader'), ['documents:read', 'documents:update', 'x:y']),
      'documents:update',
    )
    assert.equal(
      gate.missingFrom(holding('archivist'), ['documents:update', 'documents:delete', 'documents:all']),
      undefined,
    )
    assert.equal(gate.missingFrom(holding('editor'), ['documents:all']), 'documents:all')
    assert.equal(gate.missingFrom(holding('editor'), ['documents']), 'documents')
    assert.equal(gate.missingFrom(holding('editor'), ['documents:read:x']), 'documents:read:x')
    assert.equal(gate.missingFrom(superuser, ['documents:all', 'users:read']), undefined)
    assert.equal(gate.missingFrom(superuser, ['documents:all', 'unknown:read', 'documents']), 'unknown:read')
    assert.equal(gate.missingFrom(superuser, ['documents:all', 'documents']), 'documents')
  })
})

describe('random models', () => {
  const resources = ['a', 'b', 'c', 'documents', 'all']
  const actions = ['read', 'create', 'approve', 'all']
  const names = Array.from({ length: 12 }, (_, at) => `role-${at}`)
  const permissions = resources.flatMap(resource => actions.map(action => `${resource}:${action}`))

  it('are decided as plain sets of strings would decide, after each of many changes', () => {
    const random = chance(7)
    for (let model = 0; model < 20; model++) {
      const registry = new Map(names.map(name => [name, someRole(random)]))
      const known = { resources: some(random, resources), actions: some(random, actions) }
      const all = catalogueOf(resources, actions)
      const there = all.filter(({ part, codeName }) => known[`${part}s`].includes(codeName))
      const gate = gateOf(Object.fromEntries(registry), there)
      for (let id = 1; id <= 15; id++) {
        const role = pick(random, names)
        const held = random() < 0.2 ? null : someRole(random)
        const state =
          held === null ? { ...roleNamed(role), permissions: null } : rolesOf({ [role]: held })[0]!
        gate.apply({ id, expiresAtMs: 1, kind: 'role_permissions', ...state })
        for (const [part, names] of [
          ['resource', resources],
          ['action', actions],
        ] as const) {
          const at = Math.floor(random() * names.length)
          const list = known[`${part}s`]
          const isThere = list.includes(names[at]!)
          if (random() < 0.7) continue
          // The entry has the number of its place, as it has in a snapshot below.
          const codeName = isThere ? null : names[at]!
          gate.apply({
            id: id * 10,
            expiresAtMs: 1,
            kind: 'catalogue_entry',
            part,
            entryId: at + 1,
            codeName,
          })
          if (isThere) list.splice(list.indexOf(names[at]!), 1)
          else list.push(names[at]!)
        }
        if (held === null) registry.delete(role)
        else registry.set(role, held)
        for (let ask = 0; ask < 30; ask++) agree(random, gate, registry, known)
      }
    }
  })

  /** Most of them: what is unknown is denied, and that alone would be a dull model. */
  const some = (random: () => number, names: readonly string[]) => names.filter(() => random() < 0.8)

  const someRole = (random: () => number) => {
    const held = subset(random, permissions)
    return random() < 0.4 ? { aal2: held } : held
  }

  function agree(
    random: () => number,
    gate: ReturnType<typeof gateOf>,
    registry: Map<string, HeldByRole>,
    known: { resources: string[]; actions: string[] },
  ): void {
    const acr = pick(random, ['aal1', 'aal2'] as const)
    const who = { roles: Object.freeze(subset(random, names)), isSuperuser: random() < 0.05, acr }
    const resource = pick(random, [...resources, 'unknown'])
    const action = pick(random, [...actions, 'unknown'])
    const heldAt = (level: 'aal1' | 'aal2') =>
      new Set(who.roles.flatMap(role => heldIn(registry.get(role) ?? [], level)))
    const [held, atBest] = [heldAt(acr), heldAt('aal2')]
    const isKnown = known.resources.includes(resource) && known.actions.includes(action)
    const covers = (set: Set<string>) => set.has(`${resource}:${action}`) || set.has(`${resource}:all`)
    const expected = isKnown && (who.isSuperuser || covers(held))
    const needsMore = isKnown && !expected && covers(atBest)
    const { allowed, because } = gate.decide(who, resource, action)
    assert.equal(gate.allows(who, resource, action), expected)
    assert.equal(allowed, expected)
    assert.equal(because.length > 0, true)
    for (const reason of because) {
      assert.equal('unknown' in reason, !isKnown)
      assert.equal('missing' in reason, isKnown && !expected && !needsMore)
      assert.equal('requires_aal' in reason, needsMore)
      const by = 'requires_aal' in reason ? reason.by : 'role' in reason ? reason : undefined
      if (by === undefined) continue
      const ofRole = heldIn(registry.get(by.role)!, needsMore ? 'aal2' : acr)
      assert.ok(who.roles.includes(by.role) && ofRole.includes(by.permission))
    }
    assert.equal(gate.missingFrom(who, [`${resource}:${action}`]) === undefined, expected)
    if (!who.isSuperuser) assert.deepEqual(gate.permissionsOf(who), [...held].sort())
  }
})
