import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { workplace } from '../../commands/support/propusk.ts'
import { freshDatabaseUrl } from '../../support/engines.ts'
import { startTransactionPooler } from '../../support/transaction-pooler.ts'
import { testWorld } from '../../support/world.ts'

describe('PostgreSQL behind a pooler in transaction mode', async () => {
  const pooler = await startTransactionPooler(await freshDatabaseUrl('postgres'))
  after(() => pooler.close())
  const [one, two] = [
    await testWorld({ engine: 'postgres', databaseUrl: pooler.url }),
    await testWorld({ engine: 'postgres', databaseUrl: pooler.url }),
  ]

  it('serves every call of many that come together, on two nodes', async () => {
    const account = await one.register()
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const { call } = index % 2 === 0 ? one : two
          return index % 5 === 0
            ? call('POST', '/login/', { body: { email: account.email, password: account.password } })
            : call('GET', index % 3 === 0 ? '/me/' : '/me/sessions/', { token: account.access })
        }),
      )
      assert.deepEqual(
        answers.filter(({ status }) => status !== 200).map(({ status, text }) => [status, text]),
        [],
      )
    }
    assert.deepEqual(
      one.log.filter(line => line.includes('"level":"error"')),
      [],
    )
  })

  it('behind a pooler, the other node receives that a session has ended', async t => {
    const account = await one.register()
    await t.waitFor(
      async () => {
        assert.equal((await two.call('GET', '/me/', { token: account.access })).status, 200)
      },
      { timeout: 120_000 },
    )
    assert.ok((await one.call('POST', '/logout/', { token: account.access })).status < 300)
    await t.waitFor(
      async () => {
        assert.equal((await two.call('GET', '/me/', { token: account.access })).status, 401)
      },
      { timeout: 120_000 },
    )
  })

  it('undoes a transaction that failed, and keeps its limits', async () => {
    const { database } = one.core
    await assert.rejects(
      database.transaction(async trx => {
        await trx.deleteFrom('sessions').execute()
        throw new Error('never mind')
      }),
      /never mind/,
    )
    const { count } = await database.read
      .selectFrom('sessions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    assert.ok(count > 0)
    await database.transaction(async trx => {
      const { rows } = await trx.executeQuery<{ limit: string }>(
        trx
          .selectNoFrom(({ fn, val }) =>
            fn<string>('current_setting', [val('statement_timeout')]).as('limit'),
          )
          .compile(),
      )
      assert.deepEqual(rows, [{ limit: '5s' }])
    })
  })

  it('is seen by doctor, which says what is different', async () => {
    const { code, out } = await workplace().run('doctor', '', {
      PROPUSK_DATABASE_URL: pooler.url,
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    assert.match(out, /^note {3}A connection pooler stands before PostgreSQL/m)
    assert.match(out, /^ok {5}database$/m)
    assert.equal(code, 0, out)
  })

  it('keeps nothing of ours in the sessions that it lends to others, too', async () => {
    await Promise.all([one.close(), two.close()])
    for (const [row] of await pooler.askEach(
      `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle,
       (select count(*) from pg_prepared_statements) as prepared, (select count(*) from pg_listening_channels()) as listening`,
    )) {
      assert.deepEqual(row, { statement: '0', idle: '0', prepared: '0', listening: '0' })
    }
  })
})
