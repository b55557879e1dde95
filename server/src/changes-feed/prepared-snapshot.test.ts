import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Change, createGate, type Snapshot } from '@propusk/gate/core'
import { nowMs, testGate, testOptions, uuidAt } from '../../../gate/test/issuer.ts'
import { signLargeToken } from '../tokens/index.ts'
import { jsonParts } from './json-parts.ts'
import { type Prepared, PreparedSnapshot } from './prepared-snapshot.ts'

const expiresAtMs = nowMs + 660_000
const signer = {
  kid: 'a key',
  algorithm: 'EdDSA',
  sign: (input: Uint8Array) => input.slice(0, 64),
  signAside: async (input: Uint8Array) => input.slice(0, 64),
} as const

/** Of one user or session each, so that nothing of an earlier one is left. */
const changeOf = (id: number, userId: number): Change =>
  id % 3 === 0
    ? { id, expiresAtMs, kind: 'session_ended', sessionUuid: uuidAt(nowMs - userId) }
    : id % 3 === 1
      ? { id, expiresAtMs, kind: 'user_logged_out', userId, beforeMs: nowMs + id }
      : { id, expiresAtMs, kind: 'user_roles', userId, roleIds: [id], isSuperuser: false }

function preparedFrom(gate = testGate([])) {
  const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() }
  const taken: Snapshot[] = []
  const snapshots = new PreparedSnapshot(clock, () => {
    taken.push(structuredClone(gate.snapshot()))
    return {
      cursor: `cursor ${taken.length}`,
      pieces: signLargeToken('t', signer, jsonParts({ a: 1 }, { ...gate.capture() })),
    }
  })
  let lastId = 0
  const commit = () => {
    const change = changeOf(++lastId, 1 + (lastId % 10_000))
    gate.apply(change)
    snapshots.add([JSON.stringify(change)])
  }
  return { gate, snapshots, taken, commit }
}

const snapshotIn = ({ pieces }: Prepared): Snapshot =>
  JSON.parse(Buffer.from(pieces.join('').split('.')[1]!, 'base64url').toString())

const plain = ({ keys, roles, catalogue, changes, endedSessions }: Snapshot) => ({
  keys,
  roles,
  catalogue,
  changes: changes.toSorted((left, right) => left.id - right.id),
  ended: endedSessions!.flatMap(({ sessions }) => sessions.split(',')).toSorted(),
})

describe('a snapshot for new followers', () => {
  it('is the state of one instant, whatever is committed between its slices; that follows it, and nothing is missing', async () => {
    const { gate, snapshots, taken, commit } = preparedFrom()
    for (let made = 0; made < 30_000; made += 1) commit()
    let turns = 0
    let isOver = false
    const writing = (async () => {
      while (!isOver) {
        for (let made = 0; made < 5; made += 1) commit()
        turns += 1
        await nextTurn()
      }
    })()
    // Two who come together get the same one.
    const seen = await Promise.all(
      [1, 2].map(() =>
        snapshots.get(prepared => ({
          prepared: { ...prepared, since: [...prepared.since] },
          now: structuredClone(gate.snapshot()),
        })),
      ),
    )
    isOver = true
    await writing
    assert.equal(taken.length, 1)
    assert.ok(turns > 5, `made in ${turns} turns`)
    for (const { prepared, now } of seen) {
      assert.ok(prepared.since.length >= 5 * (turns - 1))
      assert.deepEqual(plain(snapshotIn(prepared)), plain(taken[0]!))
      const copy = createGate(testOptions)
      copy.load(snapshotIn(prepared))
      for (const data of prepared.since) copy.apply(JSON.parse(data))
      assert.deepEqual(plain(copy.snapshot()), plain(now))
    }
  })

  it('is made anew for those who wait, where the gate was loaded meanwhile', async () => {
    const { gate, snapshots, taken, commit } = preparedFrom()
    for (let made = 0; made < 5_000; made += 1) commit()
    const getting = snapshots.get(prepared => prepared)
    await nextTurn()
    gate.load(testGate([]).snapshot())
    snapshots.drop()
    const prepared = await getting
    assert.equal(prepared.cursor, 'cursor 2')
    assert.deepEqual(plain(snapshotIn(prepared)), plain(taken[1]!))
    assert.deepEqual(snapshotIn(prepared).changes, [])
  })

  it('is another one once too much came after it; callers who wait for the former get that with all of it', async () => {
    const { snapshots, commit, taken } = preparedFrom()
    const first = snapshots.get(({ cursor, since }) => ({ cursor, count: since.length }))
    for (let made = 0; made < 4_000; made += 1) commit()
    const second = snapshots.get(({ cursor, since }) => ({ cursor, count: since.length }))
    assert.deepEqual(await first, { cursor: 'cursor 1', count: 4_000 })
    const { cursor, count } = await second
    assert.equal(cursor, 'cursor 2')
    assert.ok(count < 4_000)
    assert.equal(taken.length, 2)
  })

  it('is tried anew after one that could not be signed', async () => {
    let tries = 0
    const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() }
    const snapshots = new PreparedSnapshot(clock, () => {
      tries += 1
      const pieces = tries === 1 ? Promise.reject(new Error('no key')) : Promise.resolve(['jws'])
      return { cursor: `cursor ${tries}`, pieces }
    })
    await assert.rejects(
      snapshots.get(() => {}),
      /no key/,
    )
    assert.equal(await snapshots.get(({ pieces }) => pieces.join('')), 'jws')
  })
})
