import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance, pick as pickWith } from '../test/chance.ts'
import {
  goodClaims,
  joseToken,
  nowMs,
  roleIdOf,
  roleNamed,
  rolesOf,
  sessionUuid,
  testCatalogue,
  testGate,
  testKey,
  uuidAt,
} from '../test/issuer.ts'
import type { Authentication, Change, Gate } from './index.ts'

const key = testKey('ES256', 'key-1')
const nextKey = testKey('EdDSA', 'key-2')
const token = await joseToken(key)
const expiresAtMs = nowMs + 660_000

function yes(result: Authentication) {
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

type Fact = Change extends infer Each
  ? Each extends Change
    ? Omit<Each, 'id' | 'expiresAtMs'>
    : never
  : never
const change = (id: number, facts: Fact): Change => ({ id, expiresAtMs, ...facts }) as Change

describe('a yes that was given before', () => {
  it('is the very same one until a change is received', () => {
    const gate = testGate([key])
    const first = yes(gate.authenticate(token, nowMs, nowMs))
    assert.equal(gate.authenticate(token, nowMs + 500, nowMs + 500), first)
    gate.markSynced(nowMs + 500)
    gate.forget(nowMs + 500)
    assert.equal(gate.authenticate(token, nowMs + 1000, nowMs + 1000), first)
  })

  it('is checked again after any change, and another’s change takes nothing from it', () => {
    const gate = testGate([key])
    const first = yes(gate.authenticate(token, nowMs, nowMs))
    gate.apply(change(1, { kind: 'session_ended', sessionUuid: uuidAt(nowMs, '8000000000ff') }))
    const second = yes(gate.authenticate(token, nowMs, nowMs))
    assert.notEqual(second, first)
    assert.deepEqual([second.claims, second.grants.roles], [first.claims, first.grants.roles])
  })

  it('falls with its session, with its user, with its key, with its time and when the last sync is too old', () => {
    const endings: Readonly<Record<string, readonly [end: (gate: Gate) => void, atMs: number]>> = {
      ended: [gate => gate.apply(change(1, { kind: 'session_ended', sessionUuid })), nowMs],
      'ended ': [
        gate => gate.apply(change(1, { kind: 'user_logged_out', userId: 42, beforeMs: nowMs })),
        nowMs,
      ],
      unknown_key: [
        gate => gate.apply(change(1, { kind: 'key_retired', kid: 'key-1', untilMs: nowMs })),
        nowMs,
      ],
      'unknown_key ': [
        gate => gate.apply(change(1, { kind: 'key_retired', kid: 'key-1', untilMs: nowMs + 400 })),
        nowMs + 400,
      ],
      expired: [gate => gate.markSynced(goodClaims.exp * 1000), goodClaims.exp * 1000],
      stale: [() => {}, nowMs + 1001],
    }
    for (const [rejection, [end, atMs]] of Object.entries(endings)) {
      const gate = testGate([key])
      yes(gate.authenticate(token, nowMs, nowMs))
      end(gate)
      assert.deepEqual(gate.authenticate(token, atMs, atMs), { ok: false, rejection: rejection.trim() })
    }
  })

  it('holds until the last instant of a key that will be retired, and not into it', () => {
    const gate = testGate([key])
    gate.apply(change(1, { kind: 'key_retired', kid: 'key-1', untilMs: nowMs + 400 }))
    yes(gate.authenticate(token, nowMs, nowMs))
    yes(gate.authenticate(token, nowMs + 399, nowMs + 399))
    assert.equal(gate.authenticate(token, nowMs + 400, nowMs + 400).ok, false)
  })

  it('has the roles that hold now', () => {
    const gate = testGate([key])
    gate.apply(change(1, { kind: 'role_permissions', ...roleNamed('reader'), permissions: [] }))
    assert.deepEqual(yes(gate.authenticate(token, nowMs, nowMs)).grants.roles, ['editor'])
    gate.apply(
      change(1, { kind: 'user_roles', userId: 42, roleIds: ['reader'].map(roleIdOf), isSuperuser: true }),
    )
    const { roles, isSuperuser } = yes(gate.authenticate(token, nowMs, nowMs)).grants
    assert.deepEqual([roles, isSuperuser], [['reader'], true])
    gate.apply(
      change(2, { kind: 'user_roles', userId: 42, roleIds: ['editor'].map(roleIdOf), isSuperuser: false }),
    )
    gate.apply(change(3, { kind: 'role_made', role: 'editor', atMs: nowMs }))
    assert.deepEqual(yes(gate.authenticate(token, nowMs, nowMs)).grants.roles, ['editor'])
    const other = testGate([key])
    yes(other.authenticate(token, nowMs, nowMs))
    other.apply(change(3, { kind: 'role_made', role: 'editor', atMs: nowMs }))
    assert.deepEqual(yes(other.authenticate(token, nowMs, nowMs)).grants.roles, [])
  })

  it('is forgotten when everything is replaced', () => {
    const gate = testGate([key])
    yes(gate.authenticate(token, nowMs, nowMs))
    gate.load({ keys: [nextKey.published], roles: [], catalogue: testCatalogue, changes: [] })
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), { ok: false, rejection: 'unknown_key' })
  })
})

describe('grants that were given out', () => {
  it('is asked about what its roles permit now, not when it was given', () => {
    const gate = testGate([key])
    const { grants } = yes(gate.authenticate(token, nowMs, nowMs))
    const may = () => ['read', 'update', 'purge'].filter(action => gate.allows(grants, 'documents', action))
    assert.deepEqual(may(), ['read'])
    gate.apply(
      change(1, { kind: 'role_permissions', ...roleNamed('other'), permissions: ['documents:purge', 'a:b'] }),
    )
    assert.deepEqual(may(), ['read'])
    gate.apply(
      change(2, { kind: 'role_permissions', ...roleNamed('editor'), permissions: ['documents:update'] }),
    )
    assert.deepEqual(may(), ['update'])
    // The number that the permission had is given to another one.
    gate.apply(change(3, { kind: 'role_permissions', ...roleNamed('editor'), permissions: null }))
    gate.apply(
      change(4, { kind: 'role_permissions', ...roleNamed('other'), permissions: ['documents:update'] }),
    )
    assert.deepEqual(may(), [])
  })

  it('is asked by another gate about what the roles permit there', () => {
    const gate = testGate([key])
    const other = testGate([key])
    other.load({
      keys: [key.published],
      roles: rolesOf({ editor: ['documents:update'] }),
      catalogue: testCatalogue,
      changes: [],
    })
    const { grants } = yes(gate.authenticate(token, nowMs, nowMs))
    for (let times = 0; times < 2; times++) {
      assert.equal(gate.allows(grants, 'documents', 'read'), true)
      assert.equal(other.allows(grants, 'documents', 'read'), false)
      assert.equal(other.allows(grants, 'documents', 'update'), true)
    }
    gate.load({ keys: [key.published], roles: [], catalogue: testCatalogue, changes: [] })
    assert.equal(gate.allows(grants, 'documents', 'read'), false)
  })
})

it('a gate with a cache of grants decides as one without it, whatever changes it receives and in whatever order', async () => {
  const tokens: string[] = []
  for (let user = 0; user < 4; user++) {
    for (const [signer, startedAgoMs] of [
      [key, 1_000],
      [nextKey, 2_000],
    ] as const) {
      tokens.push(
        await joseToken(signer, {
          ...goodClaims,
          sub: String(40 + user),
          sid: uuidAt(nowMs - startedAgoMs, `8000000000a${user}`),
          exp: goodClaims.iat + 5 + user * 3,
          roles: [['editor'], ['reader'], ['editor', 'reader'], []][user]!,
        }),
      )
    }
  }
  const random = chance(7)
  const pick = <Item>(items: readonly Item[]) => pickWith(random, items)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const remembering = testGate([key, nextKey])
  const forgetful = testGate([key, nextKey], { rememberedTokens: 0 })
  const role = () => pick(['editor', 'reader'])
  const permissions = () =>
    pick([null, [], ['documents:read'], ['documents:all'], ['documents:update', 'a:b']])
  const facts: readonly ((atMs: number) => Fact)[] = [
    () => ({
      kind: 'session_ended',
      sessionUuid: uuidAt(nowMs - pick([1_000, 2_000]), `8000000000a${upTo(3)}`),
    }),
    () => ({ kind: 'user_logged_out', userId: 40 + upTo(3), beforeMs: nowMs - 1_000 - upTo(1_500) }),
    () => ({
      kind: 'everybody_logged_out',
      beforeMs: nowMs - 1_000 - upTo(1_500),
      exceptSession: uuidAt(nowMs - pick([1_000, 2_000]), `8000000000a${upTo(3)}`),
    }),
    () => ({
      kind: 'user_roles',
      userId: 40 + upTo(3),
      roleIds: [role()].map(roleIdOf),
      isSuperuser: upTo(5) === 0,
    }),
    () => ({ kind: 'role_permissions', ...roleNamed(role()), permissions: permissions() }),
    atMs => ({ kind: 'role_made', role: role(), atMs }),
    atMs => ({ kind: 'key_retired', kid: 'key-2', untilMs: atMs + upTo(3_000) }),
  ]
  const gates = [remembering, forgetful]
  // Of a token that has run out and whose key is gone, each is the reason for one of the two.
  const oneOf = (rejection: string) => (['expired', 'unknown_key'].includes(rejection) ? 'over' : rejection)
  const seen = new Map<string, number>()
  const given = gates.map((): Authentication[] => [])
  for (let world = 0; world < 60; world++) {
    const start = {
      keys: [key.published, nextKey.published],
      roles: rolesOf({ editor: ['documents:read'] }),
      catalogue: testCatalogue,
      changes: [],
    }
    for (const gate of gates) gate.load(start)
    let atMs = nowMs
    for (let step = 0; step < 60; step++) {
      atMs += upTo(400)
      const act = upTo(9)
      const row = change(upTo(200), pick(facts)(atMs))
      for (const gate of gates) {
        if (act < 7) gate.markSynced(atMs)
        if (act < 2) gate.apply(row)
        if (act === 9) gate.forget(atMs)
      }
      const presented = pick(tokens)
      const answers = gates.map((gate, index) => {
        const result = gate.authenticate(presented, atMs, atMs)
        given[index]!.push(result)
        // One that was given out a while ago is asked too.
        const older = given[index]!.at(-1 - Math.min(5, step))!
        const may = [result, older].map(
          each => each.ok && ['read', 'update'].map(action => gate.allows(each.grants, 'documents', action)),
        )
        return result.ok
          ? { may, claims: result.claims, roles: result.grants.roles }
          : { may, rejection: oneOf(result.rejection) }
      })
      assert.deepEqual(answers[0], answers[1], `world ${world}, step ${step}`)
      const outcome = 'rejection' in answers[0]! ? answers[0].rejection! : 'ok'
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    }
  }
  for (const outcome of ['ok', 'ended', 'over', 'stale']) {
    assert.ok((seen.get(outcome) ?? 0) > 20, `${outcome}: ${JSON.stringify([...seen])}`)
  }
})
