import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Gate } from '@propusk/gate/core'
import { type EngineName, engines } from '../../support/engines.ts'
import { unthrottled } from '../../support/throttle.ts'
import { type Account, type TestClock, testClock, testWorld, type World } from '../../support/world.ts'

const minuteMs = 60_000

const startOn = (engine: EngineName, clock: TestClock, accessTtl: string, before?: World) =>
  testWorld({
    engine,
    clock,
    env: { ...unthrottled, PROPUSK_ACCESS_TTL: accessTtl },
    ...(before && { databaseUrl: before.core.config.databaseUrl }),
  })

const makesResource = async (world: World, { access }: Account, codeName: string) => {
  const body = { name: codeName, code_name: codeName }
  return (await world.call('POST', '/resources/', { token: access, body })).status
}

const setSuperuser = async (world: World, by: Account, { id }: Account, is_superuser: boolean) => {
  const { access: token } = await world.login(by)
  const answer = await world.call('PATCH', `/users/${id}/`, { token, body: { is_superuser } })
  assert.equal(answer.status, 200, answer.text)
}

for (const engine of engines) {
  describe(`rights that were taken away, on ${engine}`, () => {
    it('stay away when PROPUSK_ACCESS_TTL was shortened between giving and taking, and the node starts anew', async () => {
      const clock = testClock()
      const long = await startOn(engine, clock, '1h')
      const [root, person] = [await long.superuser(), await long.register()]
      await setSuperuser(long, root, person, true)
      await long.close()

      const short = await startOn(engine, clock, '10m', long)
      await setSuperuser(short, root, person, false)
      // What took it has expired; what gave it lives on, by the setting of its day.
      clock.advance(20 * minuteMs)
      const signedIn = await short.login(person)
      assert.equal(await makesResource(short, signedIn, 'before'), 403)
      await short.close()
      const again = await startOn(engine, clock, '10m', long)
      assert.equal(await makesResource(again, signedIn, 'after'), 403)
    })

    it('stay away on a node that starts when what the slower clock took has expired, and what the faster one gave has not', async () => {
      const [ahead, right] = [testClock(), testClock()]
      ahead.step(90_000)
      const one = await startOn(engine, ahead, '10m')
      const two = await startOn(engine, right, '10m', one)
      const root = await one.superuser()
      const body = { name: 'Reader', code_name: 'reader', permissions: [] as string[] }
      const made = await one.call('POST', '/roles/', { token: root.access, body })
      const permit = (world: World, token: string, permissions: string[]) =>
        world.call('PATCH', `/roles/${made.body.id}/`, { token, body: { permissions } })
      assert.equal((await permit(one, root.access, ['users:read'])).status, 200)
      assert.equal((await permit(two, (await two.login(root)).access, [])).status, 200)

      const lifeMs = await livesOf(two)
      for (const clock of [ahead, right]) clock.advance(lifeMs + 30_000)
      const third = await startOn(engine, right, '10m', one)
      const known = third.server.gate.snapshot().roles
      assert.deepEqual(Object.values(known).flatMap(permissionsIn), [])
    })

    it('stay away when the clock was set back between giving and taking', async () => {
      const clock = testClock()
      const world = await startOn(engine, clock, '10m')
      const [root, person] = [await world.superuser(), await world.register()]
      await setSuperuser(world, root, person, true)
      clock.step(-90_000)
      await setSuperuser(world, root, person, false)
      clock.advance((await livesOf(world)) + 30_000)
      const signedIn = await world.login(person)
      await world.close()
      const again = await startOn(engine, clock, '10m', world)
      assert.equal(await makesResource(again, signedIn, 'after'), 403)
    })
  })

  describe(`a role that many hold, on ${engine}`, () => {
    const holders = 1_000

    it('a role with many holders is renamed and deleted by as many rows as one without holders', async () => {
      const world = await startOn(engine, testClock(), '10m')
      const { access: token } = await world.superuser()
      const { read } = world.core.database
      const countChanges = async () =>
        Number(
          (
            await read
              .selectFrom('changes')
              .select(({ fn }) => fn.countAll().as('n'))
              .execute()
          )[0]!.n,
        )

      const rowsOf = async (isHeld: boolean) => {
        const codeName = isHeld ? 'held' : 'empty'
        const body = { name: codeName, code_name: codeName, permissions: ['users:read'] }
        const role = await world.call('POST', '/roles/', { token, body })
        const holder = isHeld ? await holdBy(world, role.body.id, holders) : undefined
        const before = await countChanges()
        const renamed = await world.call('PATCH', `/roles/${role.body.id}/`, {
          token,
          body: { code_name: `${codeName}.renamed` },
        })
        assert.equal(renamed.status, 200, renamed.text)
        if (holder !== undefined) assert.equal(await listsUsers(world, holder), 200, 'it is the same role')
        assert.equal((await world.call('DELETE', `/roles/${role.body.id}/`, { token })).status, 204)
        if (holder !== undefined) assert.equal(await listsUsers(world, holder), 403)
        return (await countChanges()) - before
      }
      assert.equal(await rowsOf(true), await rowsOf(false))
    })
  })
}

for (const engine of engines) {
  describe(`a change of another node, on ${engine}`, () => {
    it('costs a node one row, however many came in the seconds before it', async () => {
      const clock = testClock()
      const one = await startOn(engine, clock, '10m')
      const two = await startOn(engine, clock, '10m', one)
      const received: number[] = []
      const gate = two.server.gate as { apply: Gate['apply'] }
      const { apply } = gate
      gate.apply = change => {
        received.push(change.id)
        apply(change)
      }
      const people = []
      for (let count = 0; count < 20; count++) people.push(await one.register())
      for (const { access: token } of people) {
        assert.equal((await one.call('POST', '/logout/', { token })).status, 204)
        await two.server.follower.read()
      }
      for (const person of people) assert.equal(await statusOf(two, person), 401)
      assert.deepEqual(received, [...new Set(received)])
      assert.equal(received.length, people.length)
    })
  })
}

describe('a change that takes its id early and commits late, on postgres', () => {
  it('is obeyed though the wall clock of the node was set forward meanwhile', async () => {
    const clock = testClock()
    const world = await startOn('postgres', clock, '10m')
    const [slow, quick] = [await world.register(), await world.register()]
    const me = (account: Account) => statusOf(world, account)
    // Old enough for its follower not to read the whole ledger any more, were that read by time.
    for (let read = 0; read < 3; read++) {
      clock.advance(11_000)
      assert.equal(await me(slow), 200)
    }
    const mayCommit = Promise.withResolvers<void>()
    const late = logOut(world, slow, mayCommit.promise)
    await logOut(world, quick)
    clock.advance(1_100)
    assert.equal(await me(quick), 401)
    clock.step(12_000)
    clock.advance(1_100)
    assert.equal(await me(slow), 200)
    mayCommit.resolve()
    await late
    clock.advance(1_100)
    assert.equal(await me(slow), 401)
  })
})

const statusOf = async (world: World, { access }: Account) =>
  (await world.call('GET', '/me/', { token: access })).status

/** Writes the row of a log-out everywhere past this process, and commits on request. */
const logOut = ({ core }: World, { id }: Account, mayCommit?: Promise<void>) =>
  core.database.transaction(async trx => {
    const nowMs = core.clock.nowMs()
    const change = { kind: 'user_logged_out', userId: id, beforeMs: nowMs }
    const row = { kind: change.kind, session_uuid: null, user_id: id, details: JSON.stringify(change) }
    await trx
      .insertInto('changes')
      .values({ ...row, created_at: nowMs, expires_at: nowMs + 900_000 })
      .execute()
    await mayCommit
  })

/** How long the newest change lives. */
async function livesOf({ core }: World): Promise<number> {
  const newest = core.database.read.selectFrom('changes').selectAll().orderBy('id', 'desc').limit(1)
  const { created_at, expires_at } = (await newest.execute())[0]!
  return expires_at - created_at
}

/** One of them can sign in. */
async function holdBy(world: World, roleId: number, count: number): Promise<Account> {
  const person = await world.register()
  await world.core.database.transaction(async trx => {
    const blank = { password: '!', first_name: null, last_name: null, middle_name: null, last_login: null }
    const flags = { is_active: true, is_staff: false, is_superuser: false, force_logout_at: null }
    for (let from = 0; from < count; from += 100) {
      const rows = Array.from({ length: 100 }, (_, index) => {
        const email = `holder-${from + index}@example.com`
        return { ...blank, ...flags, email, date_joined: 1, updated_at: 1, search_text: email }
      })
      const added = await trx.insertInto('users').values(rows).returning('id').execute()
      const nowMs = world.core.clock.nowMs()
      await trx
        .insertInto('sessions')
        .values(
          added.map(({ id }) => ({
            ...{ uuid: world.core.random.orderedUuid(nowMs), user_id: id, ip_address: '::1', user_agent: '' },
            ...{ created_at: nowMs, last_used_at: nowMs, expires_at: nowMs + 1e6, is_active: true },
            ...{ ended_at: null, end_reason: null },
          })),
        )
        .execute()
      await trx
        .insertInto('user_roles')
        .values(added.map(({ id }) => ({ user_id: id, role_id: roleId })))
        .execute()
    }
    await trx.insertInto('user_roles').values({ user_id: person.id, role_id: roleId }).execute()
  })
  return await world.login(person)
}

const listsUsers = async (world: World, { access }: Account) =>
  (await world.call('GET', '/users/', { token: access })).status

const permissionsIn = (role: unknown): string[] =>
  (role as { permissions: string[] }).permissions ?? (role as string[])
