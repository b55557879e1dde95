import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance, pick, shuffled, subset } from '../test/chance.ts'
import {
  catalogueOf,
  nowMs,
  roleIdOf,
  roleNamed,
  rolesOf,
  testCatalogue,
  testGate,
  testKey,
  testOptions,
  uuidAt,
} from '../test/issuer.ts'
import { type Change, createGate, type Gate } from './index.ts'

const keys = [testKey('ES256', 'key-1'), testKey('EdDSA', 'key-2')].map(key => key.published)
const roleNames = ['editor', 'reader', 'guest']
const permissions = ['documents:read', 'documents:all', 'reports:read']
const expiresAtMs = nowMs + 660_000
const sessions = Array.from({ length: 6 }, (_, at) => uuidAt(nowMs - at * 1000))
const userIds = [1, 2, 3]
const entryIds = [1, 2, 3]
const codeNames = ['documents', 'reports', 'read', 'all', 'papers', null]

/** Rows as a server could have written them: ids in the order of time. */
function randomLedger(random: () => number, length: number): Change[] {
  return Array.from({ length }, (_, at) => {
    const row = { id: at + 1, expiresAtMs: expiresAtMs + at }
    const userId = pick(random, userIds)
    return pick<Change>(random, [
      { ...row, kind: 'session_ended', sessionUuid: pick(random, sessions) },
      { ...row, kind: 'user_logged_out', userId, beforeMs: nowMs - 5000 + at * 100 },
      {
        ...row,
        kind: 'everybody_logged_out',
        beforeMs: nowMs - 6000 + at * 50,
        exceptSession: pick(random, sessions),
      },
      {
        ...row,
        kind: 'user_roles',
        userId,
        roleIds: subset(random, roleNames).map(roleIdOf),
        isSuperuser: random() < 0.3,
      },
      {
        ...row,
        kind: 'role_permissions',
        ...roleNamed(pick(random, roleNames)),
        permissions: subset(random, permissions),
      },
      { ...row, kind: 'role_permissions', ...roleNamed(pick(random, roleNames)), permissions: null },
      { ...row, kind: 'role_made', role: pick(random, roleNames), atMs: nowMs - 5000 + at * 100 },
      {
        ...row,
        kind: 'catalogue_entry',
        part: pick(random, ['resource', 'action']),
        entryId: pick(random, entryIds),
        codeName: pick(random, codeNames),
      },
      { ...row, kind: 'key_published', key: pick(random, keys) },
      { ...row, kind: 'key_retired', kid: pick(random, keys).kid, untilMs: nowMs + at * 1000 },
    ])
  })
}

/** Everything that a gate can be asked, as one value. */
function answers(gate: Gate, atMs = nowMs) {
  const { keys: published, roles, catalogue } = gate.snapshot()
  return {
    published: published.toSorted((left, right) => (left.kid < right.kid ? -1 : 1)),
    roles: roles.toSorted((left, right) => left.roleId - right.roleId),
    catalogue: catalogue.map(entry => JSON.stringify(entry)).sort(),
    alive: userIds.flatMap(userId =>
      sessions.map((sid, at) => gate.alive({ sid, userId, startedAtMs: nowMs - at * 1000 }, atMs)),
    ),
    answers: userIds.map(userId => gate.grantsOf({ userId, roles: roleNames, iat: nowMs / 1000 - 3 })),
    decisions: [...roleNames, 'superuser'].map(role =>
      permissions.map(name => gate.missingFrom({ roles: [role], isSuperuser: role === 'superuser' }, [name])),
    ),
  }
}

const applyAll = (gate: Gate, changes: readonly Change[]): Gate => {
  for (const change of changes) gate.apply(change)
  return gate
}

describe('the rows of a ledger', () => {
  it('lead to one state in whatever order, however often and with whatever overlap they are received', () => {
    const random = chance(11)
    for (let times = 0; times < 60; times++) {
      const ledger = randomLedger(random, 25)
      const inOrder = answers(applyAll(testGate([]), ledger))
      assert.deepEqual(answers(applyAll(testGate([]), [...ledger, ...ledger])), inOrder)
      assert.deepEqual(answers(applyAll(testGate([]), shuffled(random, ledger))), inOrder)
      const overlapping = [...shuffled(random, ledger), ...subset(random, ledger), ...ledger.slice(10)]
      assert.deepEqual(answers(applyAll(testGate([]), overlapping)), inOrder)
    }
  })

  it('mean the same in a snapshot, which loads elsewhere as JSON and is followed on from there', () => {
    const random = chance(12)
    for (let times = 0; times < 60; times++) {
      const ledger = randomLedger(random, 30)
      const gate = applyAll(testGate([]), shuffled(random, ledger.slice(0, 20)))
      const copy = createGate(testOptions)
      copy.load(JSON.parse(JSON.stringify(gate.snapshot())))
      assert.deepEqual(answers(copy), answers(gate))
      const ids = gate.snapshot().changes.map(change => change.id)
      assert.deepEqual(
        ids,
        ids.toSorted((left, right) => left - right),
      )
      const rest = shuffled(random, ledger.slice(5))
      assert.deepEqual(answers(applyAll(copy, rest)), answers(applyAll(gate, rest)))
    }
  })

  it('change nothing of what was captured before, whenever that is read', () => {
    const random = chance(14)
    for (let times = 0; times < 60; times++) {
      const ledger = randomLedger(random, 40)
      const gate = applyAll(testGate([]), ledger.slice(0, 20))
      const before = gate.snapshot()
      const { keys, roles, catalogue, changes, endedSessions } = gate.capture()
      applyAll(gate, ledger.slice(20))
      gate.forget(expiresAtMs + 30)
      const read = {
        keys: [...keys],
        roles: [...roles],
        catalogue: [...catalogue],
        endedSessions: [...endedSessions],
        changes: [...changes].sort((left, right) => left.id - right.id),
      }
      assert.deepEqual(read, before)
    }
  })

  it('are loaded in slices, and answer nothing before the last one', () => {
    const many = Array.from(
      { length: 5_000 },
      (_, at): Change => ({
        id: at + 1,
        expiresAtMs,
        kind: 'user_logged_out',
        userId: at + 1,
        beforeMs: nowMs,
      }),
    )
    const snapshot = { ...testGate([]).snapshot(), changes: many }
    const gate = applyAll(testGate([]), randomLedger(chance(15), 40))
    const before = gate.snapshot()
    let slices = 0
    for (const _ of gate.loadInSlices(snapshot)) {
      assert.deepEqual(gate.snapshot(), before)
      slices += 1
    }
    assert.ok(slices >= 5)
    assert.deepEqual(gate.snapshot().changes, many)
    const wrong = { ...snapshot, changes: [...many, { ...many[0]!, kind: 'unheard' } as never] }
    assert.throws(() => [...gate.loadInSlices(wrong)], TypeError)
    assert.deepEqual(gate.snapshot().changes, many)
  })

  it('leave nothing of the old state when a snapshot is loaded', () => {
    const gate = applyAll(testGate([]), randomLedger(chance(13), 40))
    gate.load({ keys: [], roles: [], catalogue: [], changes: [] })
    assert.deepEqual(answers(gate), answers(emptyGate()))
    const nothing = { keys: [], roles: [], catalogue: [], changes: [], endedSessions: [] }
    assert.deepEqual(gate.snapshot(), nothing)
  })

  it('may be listed in a snapshot in any order', () => {
    const random = chance(14)
    const ledger = randomLedger(random, 25)
    const [sorted, mixed] = [ledger, shuffled(random, ledger)].map(changes => {
      const gate = createGate(testOptions)
      gate.load({ keys: [], roles: [], catalogue: testCatalogue, changes })
      return answers(gate)
    })
    assert.deepEqual(mixed, sorted)
  })

  it('about the catalogue follow an entry by its id, whichever name another one takes meanwhile', () => {
    const first = { part: 'resource', entryId: 1 } as const
    const second = { part: 'resource', entryId: 9 } as const
    const row = { expiresAtMs, kind: 'catalogue_entry' } as const
    const changes: Change[] = [
      { ...row, ...first, id: 1, codeName: 'papers' },
      { ...row, ...second, id: 2, codeName: 'documents' },
      { ...row, ...first, id: 3, codeName: null },
    ]
    for (const order of [changes, changes.toReversed(), [changes[1]!, changes[0]!, changes[2]!]]) {
      const gate = applyAll(testGate([]), order)
      const root = { roles: [], isSuperuser: true }
      assert.equal(gate.allows(root, 'documents', 'read'), true)
      assert.equal(gate.allows(root, 'papers', 'read'), false)
      gate.apply({ ...row, ...second, id: 4, codeName: null })
      assert.equal(gate.allows(root, 'documents', 'read'), false)
    }
  })

  it('that are older do not undo what a snapshot’s newer rows say', () => {
    const gate = createGate(testOptions)
    const row = { expiresAtMs, kind: 'role_permissions', ...roleNamed('editor') } as const
    gate.load({
      keys: [],
      roles: rolesOf({ editor: ['documents:read'] }),
      catalogue: testCatalogue,
      changes: [{ ...row, id: 5, permissions: ['documents:read'] }],
    })
    gate.apply({ ...row, id: 4, permissions: ['documents:all'] })
    assert.deepEqual(gate.snapshot().roles, rolesOf({ editor: ['documents:read'] }))
    gate.apply({ ...row, id: 6, permissions: null })
    gate.apply({ ...row, id: 5, permissions: ['documents:read'] })
    assert.deepEqual(gate.snapshot().roles, [])
  })

  it('keep their rank while an older row with a longer life may still be read again', () => {
    const gate = testGate([])
    const older: Change = {
      id: 1,
      expiresAtMs: nowMs + 5000,
      kind: 'role_permissions',
      ...roleNamed('editor'),
      permissions: ['documents:all'],
    }
    applyAll(gate, [older, { ...older, id: 2, expiresAtMs: nowMs + 1000, permissions: [] }])
    gate.forget(nowMs + 2000)
    gate.apply(older)
    assert.deepEqual(gate.snapshot().roles, rolesOf({ editor: [] }))
  })

  it('say of a role under another name that it is the same one, and of another under its name that it is not', () => {
    const gate = testGate([])
    const held = { userId: 1, roles: ['editor'], roleIds: [roleIdOf('editor')], iat: nowMs / 1000 }
    const row = { expiresAtMs, kind: 'role_permissions' } as const
    gate.apply({ ...row, id: 1, roleId: roleIdOf('editor'), role: 'author', permissions: ['documents:read'] })
    gate.apply({ ...row, id: 2, roleId: 77, role: 'editor', permissions: ['documents:all'] })
    assert.deepEqual(gate.grantsOf(held).roles, ['author'])
    assert.equal(gate.allows(gate.grantsOf(held), 'documents', 'update'), false)
    gate.apply({ ...row, id: 3, roleId: roleIdOf('editor'), role: 'author', permissions: null })
    assert.deepEqual(gate.grantsOf(held).roles, [])
    gate.apply({ ...row, id: 4, roleId: 78, role: 'author', permissions: ['documents:all'] })
    assert.deepEqual(gate.grantsOf(held).roles, [])
  })

  it('of ended sessions come as one text, which is refused as a whole when a part is wrong', () => {
    const gate = testGate([])
    const load = (text: string) =>
      gate.load({
        keys: [],
        roles: [],
        catalogue: testCatalogue,
        changes: [],
        endedSessions: [{ expiresAtMs, sessions: text }],
      })
    const alive = () => sessions.map(sid => gate.alive({ sid, userId: 1, startedAtMs: nowMs }, nowMs))
    load(sessions.slice(0, 2).join())
    assert.deepEqual(alive(), [false, false, true, true, true, true])
    for (const wrong of [
      `${sessions[2]},`,
      `${sessions[2]} ${sessions[3]}`,
      `${sessions[2]}${sessions[3]}`,
      'x',
    ]) {
      assert.throws(() => load(wrong), TypeError)
    }
    assert.deepEqual(alive(), [false, false, true, true, true, true])
  })

  const row = { id: 1, expiresAtMs }
  for (const wrong of [
    { ...row, kind: 'user_merged', userId: 1 },
    { ...row, kind: 'constructor' },
    { ...row },
    { ...row, id: Number.NaN, kind: 'session_ended', sessionUuid: sessions[0] },
    { ...row, id: -1, kind: 'session_ended', sessionUuid: sessions[0] },
    { ...row, expiresAtMs: undefined, kind: 'session_ended', sessionUuid: sessions[0] },
    { ...row, kind: 'session_ended', sessionUuid: sessions[0]!.toUpperCase() },
    { ...row, kind: 'session_ended', sessionUuid: null },
    { ...row, kind: 'user_logged_out', userId: 1, beforeMs: Number.NaN },
    { ...row, kind: 'user_logged_out', userId: '1', beforeMs: 1 },
    { ...row, kind: 'everybody_logged_out', beforeMs: Number.NaN, exceptSession: sessions[0] },
    { ...row, kind: 'everybody_logged_out', beforeMs: nowMs, exceptSession: null },
    { ...row, kind: 'everybody_logged_out', beforeMs: nowMs },
    { ...row, kind: 'user_roles', userId: 1, roleIds: 7, isSuperuser: false },
    { ...row, kind: 'user_roles', userId: 1, roleIds: ['editor'].map(roleIdOf), isSuperuser: 0 },
    { ...row, kind: 'role_permissions', ...roleNamed('editor') },
    { ...row, kind: 'role_permissions', role: 'editor', permissions: [] },
    { ...row, kind: 'role_made', role: 'editor' },
    { ...row, kind: 'role_made', atMs: nowMs },
    { ...row, kind: 'role_permissions', ...roleNamed('editor'), permissions: ['documents'] },
    { ...row, kind: 'role_permissions', ...roleNamed('editor'), permissions: ['documents:read', 'a:b:c'] },
    { ...row, kind: 'catalogue_entry', part: 'role', entryId: 1, codeName: 'documents' },
    { ...row, kind: 'catalogue_entry', part: 'resource', entryId: '1', codeName: 'documents' },
    { ...row, kind: 'catalogue_entry', part: 'resource', entryId: 1 },
    { ...row, kind: 'key_retired', kid: 'key-1', untilMs: Number.NaN },
  ]) {
    it(`are refused as a whole when one is ${JSON.stringify(wrong).slice(0, 110)}`, () => {
      const gate = testGate([])
      const before = gate.snapshot()
      assert.throws(() => gate.apply(wrong as Change), TypeError)
      assert.throws(
        () => gate.load({ keys: [], roles: [], catalogue: testCatalogue, changes: [wrong as Change] }),
        TypeError,
      )
      assert.deepEqual(gate.snapshot(), before)
    })
  }
})

describe('the memory of a gate', () => {
  it('holds no change, key or latest change beyond its time, and keeps what roles permit and what there is', () => {
    const gate = testGate([])
    const entry = { part: 'resource', entryId: 9 } as const
    for (const { part, entryId } of testCatalogue.slice(1))
      gate.apply({ id: entryId, expiresAtMs: nowMs, kind: 'catalogue_entry', part, entryId, codeName: null })
    for (let id = 1; id <= 3000; id++) {
      const row = { id, expiresAtMs: nowMs + id }
      gate.apply({ ...row, kind: 'session_ended', sessionUuid: uuidAt(nowMs + id) })
      gate.apply({ ...row, kind: 'user_logged_out', userId: id, beforeMs: nowMs })
      gate.apply({ ...row, kind: 'everybody_logged_out', beforeMs: id, exceptSession: uuidAt(nowMs + id) })
      gate.apply({
        ...row,
        kind: 'user_roles',
        userId: id,
        roleIds: ['editor'].map(roleIdOf),
        isSuperuser: false,
      })
      gate.apply({
        ...row,
        kind: 'role_permissions',
        ...roleNamed(`role-${id % 3}`),
        permissions: [`r${id}:read`],
      })
      gate.apply({ ...row, kind: 'catalogue_entry', ...entry, codeName: id === 3000 ? 'kept' : `r${id}` })
      gate.apply({ ...row, kind: 'key_retired', kid: `key-${id}`, untilMs: nowMs + id })
    }
    gate.forget(nowMs + 2999)
    assert.equal(gate.snapshot().changes.length, 6)
    // Ended sessions are kept until the end of the minute.
    gate.forget(nowMs + 63_000)
    const { roles, catalogue, ...rest } = gate.snapshot()
    assert.deepEqual(catalogue, [...catalogueOf(['documents'], []), { ...entry, codeName: 'kept' }])
    assert.deepEqual(rest, { keys: [], changes: [], endedSessions: [] })
    assert.deepEqual(
      roles.toSorted((left, right) => left.roleId - right.roleId),
      rolesOf({
        editor: ['documents:read'],
        'role-1': ['r2998:read'],
        'role-2': ['r2999:read'],
        'role-0': ['r3000:read'],
      }).toSorted((left, right) => left.roleId - right.roleId),
    )
  })

  it('keeps no name of a permission that no role holds any more', () => {
    const gate = testGate([])
    for (let id = 1; id <= 1000; id++) {
      const named = [`r${id}:read`, `r${id}:all`]
      gate.apply({ id, expiresAtMs, kind: 'role_permissions', ...roleNamed('editor'), permissions: named })
    }
    assert.deepEqual(gate.permissionsOf({ roles: [], isSuperuser: true }), ['r1000:all', 'r1000:read'])
  })

  it('is freed without changing an answer', () => {
    const random = chance(15)
    for (let times = 0; times < 20; times++) {
      const ledger = randomLedger(random, 25)
      const [kept, freed] = [applyAll(testGate([]), ledger), applyAll(testGate([]), ledger)]
      for (const atMs of [nowMs, nowMs + 300_000, expiresAtMs - 1]) {
        freed.forget(atMs)
        assert.deepEqual(answers(freed, atMs).alive, answers(kept, atMs).alive)
        assert.deepEqual(answers(freed, atMs).answers, answers(kept, atMs).answers)
        assert.deepEqual(answers(freed, atMs).decisions, answers(kept, atMs).decisions)
      }
    }
  })
})

function emptyGate(): Gate {
  const gate = createGate(testOptions)
  gate.load({ keys: [], roles: [], catalogue: [], changes: [] })
  return gate
}
