import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { type EngineName, eachEngine, freshDatabaseUrl } from '../../../test/support/engines.ts'
import { missingFrom } from '../access/index.ts'
import { loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import { createPasswordHasher, initialFields } from '../identity/index.ts'
import { type PageRequest, type RoleId, systemClock } from '../kernel/index.ts'
import { endReasons } from '../sessions/index.ts'
import { demoAccounts, seedDemo } from './index.ts'
import { people, superuserEmail } from './people.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
/** Argon2id at its cheapest: the same code, a hundredth of the time. */
const hasher = createPasswordHasher({ memoryKib: 8, passes: 1 })

const opened: Core[] = []
after(async () => {
  for (const core of opened) await core.close()
})

async function openAt(databaseUrl: string, atMs = nowMs): Promise<Core> {
  const config = loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  })
  const core = await openCore(config, { clock: { ...systemClock, nowMs: () => atMs }, hasher })
  opened.push(core)
  return core
}

const freshCore = async (engine: EngineName): Promise<Core> => openAt(await freshDatabaseUrl(engine))

const everything = <Column extends string>(column: Column): PageRequest<Column> => ({
  limit: 10_000,
  ordering: { column, descending: false },
  cursor: undefined,
  search: undefined,
})

/** What each role permits, by code name. */
async function readGrants({ stores }: Core): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await stores.roles.list(everything('id'))
  const grants = await stores.permissions.permissionsOfRoles(rows.map(role => role.id))
  return Object.fromEntries(rows.map(role => [role.codeName, grants.get(role.id)?.permissions ?? []]))
}

/** Every row that the demo can have written. */
async function readAll(core: Core) {
  const { stores } = core
  const { rows: users } = await stores.users.list({}, everything('id'))
  const { rows: sessions } = await stores.sessions.list({}, everything('id'), nowMs)
  const { rows: events } = await stores.audit.list({}, everything('id'))
  const { rows: roles } = await stores.roles.list(everything('id'))
  const { rows: resources } = await stores.resources.list(everything('id'))
  const { rows: actions } = await stores.actions.list(everything('id'))
  const userGrants = await Promise.all(users.map(user => stores.userGrants.get(user.id)))
  return {
    users,
    sessions,
    events,
    roles,
    resources,
    actions,
    userGrants,
    grants: await readGrants(core),
  }
}

eachEngine('demo data', (_open, { engine }) => {
  let seeded: Promise<Core> | undefined
  /** One database for the tests that only read. */
  const seededCore = (): Promise<Core> => {
    seeded ??= freshCore(engine).then(async core => {
      assert.deepEqual(await seedDemo(core), { created: true })
      return core
    })
    return seeded
  }

  it('fills an empty database with people, roles and a past of their own', async () => {
    const core = await seededCore()
    const { users, sessions, events, userGrants, grants } = await readAll(core)

    assert.equal(users.length, people.length)
    assert.ok(users.length >= 50)
    assert.deepEqual(Object.keys(grants).sort(), ['admin', 'supervisor', 'user'])
    assert.ok(userGrants.some(grants => grants.roles.length > 1))
    assert.ok(users.some(user => !user.isActive))
    assert.ok(users.some(user => user.isStaff && !user.isSuperuser))
    assert.ok(users.some(user => user.lastLoginMs === null))
    assert.deepEqual(
      users.filter(user => user.isSuperuser).map(user => user.email),
      [superuserEmail],
    )
    const reasons = new Set(sessions.flatMap(session => session.endReason ?? []))
    // No account of the demo has signed in a thousand times, and its sessions do not end when they are idle.
    const shown = endReasons.filter(reason => reason !== 'session_limit' && reason !== 'idle')
    assert.deepEqual([...reasons].sort(), shown.sort())
    assert.ok(sessions.filter(session => session.isActive).length > 50)
    const recorded = new Set(events.map(event => event.action))
    for (const action of [
      'user.create',
      'user.login',
      'user.update',
      'user.deactivate',
      'access.denied',
      'token.reuse',
    ]) {
      assert.ok(recorded.has(action), action)
    }
  })

  it('puts nothing into the future and ends every session of a deactivated account', async () => {
    const core = await seededCore()
    const { users, sessions, events } = await readAll(core)
    for (const event of events) assert.ok(event.atMs <= nowMs)
    for (const session of sessions) {
      assert.ok(session.createdAtMs <= session.lastUsedAtMs && session.lastUsedAtMs <= nowMs)
      assert.ok(session.endedAtMs === null || session.endedAtMs <= nowMs)
    }
    for (const user of users.filter(user => !user.isActive)) {
      assert.deepEqual(await core.stores.sessions.listLive(user.id, nowMs), [])
    }
    for (const user of users) assert.ok(user.dateJoinedMs <= (user.lastLoginMs ?? nowMs))
  })

  it('adds nothing on a second run, also a day later', async () => {
    const databaseUrl = await freshDatabaseUrl(engine)
    const core = await openAt(databaseUrl)
    await seedDemo(core)
    const before = await readAll(core)
    assert.deepEqual(await seedDemo(core), { created: false })
    const later = await openAt(databaseUrl, nowMs + 86_400_000)
    assert.deepEqual(await seedDemo(later), { created: false })
    assert.deepEqual(await readAll(core), before)
  })

  it('adds nothing twice when two processes begin at once', async () => {
    const databaseUrl = await freshDatabaseUrl(engine)
    const [one, other] = await Promise.all([openAt(databaseUrl), openAt(databaseUrl)])
    await Promise.all([seedDemo(one), seedDemo(other)])
    const { users, events, roles } = await readAll(one)
    assert.equal(users.length, people.length)
    assert.equal(roles.length, 3)
    assert.equal(events.filter(event => event.action === 'user.create').length, people.length)
    assert.deepEqual(await seedDemo(one), { created: false })
  })

  it('makes good a run that was cut short', async () => {
    const core = await freshCore(engine)
    let left = 3
    const transaction: Core['transaction'] = async work => {
      if (left === 0) throw new Error('cut short')
      left -= 1
      return core.transaction(work)
    }
    await assert.rejects(seedDemo({ ...core, transaction }), /cut short/)
    const half = await readAll(core)
    assert.ok(half.users.length > 0 && half.users.length < people.length)
    assert.deepEqual(await seedDemo(core), { created: true })
    const whole = await readAll(core)
    const compared = await readAll(await seededCore())
    assert.equal(whole.users.length, people.length)
    assert.equal(whole.sessions.length, compared.sessions.length)
    assert.equal(whole.events.length, compared.events.length)
  })

  it('demo data complete a database that has only a part of them, and keep what was changed', async () => {
    const core = await freshCore(engine)
    await core.database.migrate()
    const mine = await core.transaction(async stores => {
      const passwordHash = await hasher.hash('a password of my own')
      const account = { ...initialFields, email: superuserEmail, firstName: 'My', lastName: 'Own' }
      const user = await stores.users.add({ ...account, passwordHash }, nowMs)
      await stores.roles.add({ codeName: 'user', name: 'Readers', description: null })
      // Its name is taken, though its code name is not: the demo leaves it out, and goes without it.
      await stores.resources.add({ codeName: 'invoices', name: 'Payments', description: null })
      assert.ok(user !== 'taken')
      return { user, passwordHash }
    })

    assert.deepEqual(await seedDemo(core), { created: true })
    const { users, roles, resources, grants } = await readAll(core)
    const kept = await core.stores.users.findByEmail(superuserEmail)
    assert.deepEqual(kept, { ...mine, loggedOutAtMs: null })
    assert.deepEqual(await core.stores.sessions.listLive(mine.user.id, nowMs), [])
    assert.equal(users.length, people.length)
    assert.equal(roles.find(role => role.codeName === 'user')?.name, 'Readers')
    assert.deepEqual(grants.user, [])
    assert.ok(!resources.some(resource => resource.codeName === 'payments'))
    assert.ok(grants.admin?.includes('documents:all'))
    assert.ok(!grants.admin?.some(name => name.startsWith('payments:')))
    assert.deepEqual(await seedDemo(core), { created: false })
  })

  it('says of each account when it was last written as its history has it', async () => {
    const core = await freshCore(engine)
    await seedDemo(core)
    const { user } = (await core.stores.users.findByEmail('user@example.com'))!
    assert.equal(user.updatedAtMs, user.dateJoinedMs)
    const promoted = (await core.stores.users.findByEmail('m.orlov@example.com'))!.user
    assert.equal(nowMs - promoted.updatedAtMs, 1500 * 60_000)
  })

  it('gives back neither roles nor a password nor a session to accounts that were changed', async () => {
    const core = await freshCore(engine)
    await seedDemo(core)
    await core.transaction(async stores => {
      const { user, passwordHash } = (await stores.users.findByEmail('admin@example.com'))!
      await stores.assignments.replaceRoles(user.id, [], nowMs)
      await stores.users.update(user.id, { isActive: false, isStaff: false }, nowMs)
      await stores.users.replacePassword(user.id, passwordHash, await hasher.hash('changed since'), nowMs)
      const [admin] = await stores.roles.findByCodeNames(['admin'])
      await stores.permissions.replaceOfRole(admin!.id as RoleId, [])
    })
    const before = await readAll(core)
    const account = await core.stores.users.findByEmail('admin@example.com')
    assert.deepEqual(await seedDemo(core), { created: false })
    assert.deepEqual(await readAll(core), before)
    assert.deepEqual(await core.stores.users.findByEmail('admin@example.com'), account)
  })

  it('gives the printed accounts their passwords, and no two accounts the same hash', async () => {
    const core = await seededCore()
    const accounts = await Promise.all(people.map(person => core.stores.users.findByEmail(person.email)))
    assert.equal(new Set(accounts.map(found => found?.passwordHash)).size, people.length)
    for (const { email, password } of demoAccounts) {
      const found = await core.stores.users.findByEmail(email)
      assert.ok(found?.user.isActive)
      assert.equal((await hasher.verify(password, found.passwordHash)).matches, true)
    }
    for (const found of accounts.slice(demoAccounts.length)) {
      assert.equal((await hasher.verify('root', found!.passwordHash)).matches, false)
    }
  })

  it('the demo lets administrators manage supervisors, and supervisors manage no one', async () => {
    const core = await seededCore()
    const grants = await readGrants(core)
    const rightsOf = (role: string) => ({
      isSuperuser: false,
      roles: [role],
      permissions: new Set<string>(grants[role]),
    })
    assert.equal(missingFrom(rightsOf('admin'), grants.supervisor!), undefined)
    assert.equal(missingFrom(rightsOf('supervisor'), grants.user!), undefined)
    assert.notEqual(missingFrom(rightsOf('supervisor'), ['users:update']), undefined)
    assert.notEqual(missingFrom(rightsOf('user'), ['documents:delete']), undefined)
    assert.notEqual(missingFrom(rightsOf('admin'), ['payments:create']), undefined)
  })
})
