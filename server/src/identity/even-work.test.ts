import assert from 'node:assert/strict'
import crypto, { pbkdf2Sync } from 'node:crypto'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { before, describe, it } from 'node:test'
import { sql } from 'kysely'

/** The work that was done since it was last emptied: KiB filled by Argon2, iterations of PBKDF2. */
const work = { argon2: 0, pbkdf2: 0 }

// The real functions, which tell how much they do. Before the modules that take them are loaded.
const argon2 = createRequire(import.meta.url)('@node-rs/argon2')
const { hashRaw } = argon2
argon2.hashRaw = (password: string, options: { memoryCost: number; timeCost: number }) => {
  work.argon2 += options.memoryCost * options.timeCost
  return hashRaw(password, options)
}
const { pbkdf2 } = crypto
crypto.pbkdf2 = ((...parameters: Parameters<typeof pbkdf2>) => {
  work.pbkdf2 += parameters[2]
  return pbkdf2(...parameters)
}) as typeof pbkdf2
syncBuiltinESMExports()

const { createPasswordHasher } = await import('./password-hasher.ts')
const { goodPassword, testWorld } = await import('../../../test/support/world.ts')
const { unthrottled } = await import('../../../test/support/throttle.ts')
const { eachEngine } = await import('../../../test/support/engines.ts')
const { peopleOn } = await import('../../../test/support/people.ts')

const cost = { memoryKib: 64, passes: 2 }

/** As Django's PBKDF2PasswordHasher writes it. */
function djangoHash(password: string, iterations: number): string {
  const digest = pbkdf2Sync(password, 'aPinchOfSalt', iterations, 32, 'sha256').toString('base64')
  return `pbkdf2_sha256$${iterations}$aPinchOfSalt$${digest}`
}

const workOf = async (act: () => Promise<unknown>) => {
  Object.assign(work, { argon2: 0, pbkdf2: 0 })
  await act()
  return { ...work }
}

describe('the work of a sign-in that is refused', async () => {
  const plain = 'a wrong password'
  // NFKC changes it, so Django's hashes are tried twice with it.
  const ligature = 'a wrong \ufb01ne password'
  const hasher = createPasswordHasher(cost)
  const world = await testWorld({ hasher, env: unthrottled })
  const emails: Record<string, string> = { nobody: 'nobody@example.com' }

  const refused = (email: string, password: string) =>
    workOf(async () => {
      const answer = await world.call('POST', '/login/', { body: { email, password } })
      assert.equal(answer.status, 401)
    })

  before(async () => {
    const costly = createPasswordHasher({ memoryKib: 256, passes: 3 })
    const hashes = {
      ours: await hasher.hash(goodPassword),
      django: djangoHash(goodPassword, 5_000),
      olderDjango: djangoHash(goodPassword, 3_000),
      argon2: `argon2${await costly.hash(goodPassword)}`,
      unusable: '!unusable',
      closed: djangoHash(goodPassword, 3_000),
      closedOurs: await hasher.hash(goodPassword),
    }
    for (const [kind, passwordHash] of Object.entries(hashes)) {
      const account = await world.register()
      emails[kind] = account.email
      if (kind.startsWith('closed')) await world.call('DELETE', '/me/', { token: account.access })
      await world.core.database.transaction(trx =>
        trx.updateTable('users').set({ password: passwordHash }).where('id', '=', account.id).execute(),
      )
    }
    await world.server.housekeeping.look()
  })

  it('is the same for an unknown address and for a hash of every kind', async () => {
    for (const [password, pbkdf2] of [
      [plain, 5_000],
      [ligature, 10_000],
    ] as const) {
      for (const [kind, email] of Object.entries(emails)) {
        const done = await refused(email, password)
        assert.equal(done.pbkdf2, pbkdf2, kind)
        // The rest of it fills whole kibibytes.
        assert.ok(Math.abs(done.argon2 - 256 * 3) <= 3, `${kind}: ${done.argon2}`)
      }
    }
  })

  it('is the same for a closed account with the right password', async () => {
    for (const kind of ['closed', 'closedOurs']) {
      const done = await refused(emails[kind]!, goodPassword)
      assert.equal(done.pbkdf2, 5_000)
      assert.ok(Math.abs(done.argon2 - 256 * 3) <= 3)
    }
  })

  it('a successful sign-in does not pay for the even work of refusals', async () => {
    const done = await workOf(() => world.login({ email: emails.ours!, password: goodPassword }))
    assert.deepEqual(done, { argon2: 128, pbkdf2: 0 })
  })

  it('is one hash of ours again when the last foreign one has gone', async () => {
    for (const kind of ['django', 'olderDjango', 'argon2']) {
      await world.login({ email: emails[kind]!, password: goodPassword })
    }
    await world.core.database.transaction(trx =>
      trx.updateTable('users').set({ password: '!' }).where('email', '=', emails.closed!).execute(),
    )
    await world.server.housekeeping.look()
    for (const email of Object.values(emails)) {
      assert.deepEqual(await refused(email, plain), { argon2: 128, pbkdf2: 0 })
    }
  })
})

eachEngine('the foreign hashes of the accounts', (open, { engine }) => {
  it('foreign hashes are listed once for each form and cost, and found by an index', async () => {
    const database = await open()
    const people = peopleOn(database)
    const ours = '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0c29tZSBzYQ$digest'
    const foreign = [
      '$argon2id$v=19$m=1024,t=3,p=1$salt$one',
      '$argon2i$v=19$m=1024,t=3,p=1$salt$one',
      'argon2$argon2id$v=19$m=102400,t=2,p=8$salt$one',
      'pbkdf2_sha256$1000$salt$one',
      'pbkdf2_sha256$870000$salt$one',
    ]
    for (const hash of [
      ours,
      '!',
      '!other',
      '',
      ...foreign,
      ...foreign.map(one => one.replace('one', 'two')),
    ]) {
      await people.addUser({ passwordHash: hash })
    }
    assert.deepEqual((await people.stores.users.listForeignHashes()).toSorted(), foreign.toSorted())
    if (engine !== 'sqlite') return
    const plan = await database.read.executeQuery<{ detail: string }>(
      sql`explain query plan select password from users
        where substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1'
        and password >= '$argon2' and password < '$argon2~' order by password limit 1`.compile(database.read),
    )
    assert.match(plan.rows[0]!.detail, /users__foreign_password__index \(password>\? AND password<\?\)/)
  })
})
