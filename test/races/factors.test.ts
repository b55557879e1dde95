import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../support/authenticator.ts'
import { engines } from '../support/engines.ts'
import { enrolTotp, ticketOf, totpAt } from '../support/totp.ts'
import { testWorld, type World } from '../support/world.ts'

/** How often one secret is shown at once. */
const times = 50

for (const engine of engines) {
  describe(`one secret of a second factor, shown ${times} times at once on ${engine}`, async () => {
    // The counter would refuse most of them before they meet.
    const env = {
      PROPUSK_GUESSES_PER_ACCOUNT: '1000',
      PROPUSK_GUESSES_PER_ADDRESS: 'off',
      PROPUSK_GUESSES_PER_PASSWORD: 'off',
      PROPUSK_LIMIT_BAD_REFRESH: 'off',
    }
    const first = await testWorld({ engine, env })
    // SQLite is for one node.
    const second =
      engine === 'sqlite'
        ? first
        : await testWorld({ engine, env, databaseUrl: first.core.config.databaseUrl, clock: first.clock })
    const nodes: readonly World[] = [first, second]
    const node = (index: number) => nodes[index % nodes.length]!

    const race = async (one: (world: World, index: number) => Promise<number>) => {
      const statuses = await Promise.all(Array.from({ length: times }, (_, index) => one(node(index), index)))
      assert.equal(statuses.filter(status => status === 200).length, 1, String(statuses))
      assert.ok(
        statuses.every(status => [200, 400, 401, 429].includes(status)),
        String(statuses),
      )
    }
    const factor = async (world: World, ticket: string, shown: Record<string, unknown>) =>
      (await world.call('POST', '/login/factor/', { body: { ticket, ...shown } })).status

    it('a code of an app, with a ticket each: one signs in', async () => {
      const person = await first.register()
      const app = await enrolTotp(first, person)
      const tickets: string[] = []
      for (let i = 0; i < times; i++) tickets.push((await ticketOf(first, person)).ticket)
      const totp = app.next()
      await race((world, index) => factor(world, tickets[index]!, { totp }))
    })

    it('a recovery code, with a ticket each: one signs in', async () => {
      const person = await first.register()
      const { recoveryCodes } = await enrolTotp(first, person)
      const tickets: string[] = []
      for (let i = 0; i < times; i++) tickets.push((await ticketOf(first, person)).ticket)
      await race((world, index) => factor(world, tickets[index]!, { recovery: recoveryCodes[0] }))
      const left = await first.core.stores.recoveryCodes.countUnused(person.id as never)
      assert.equal(left, 9)
    })

    it('a ticket, with a recovery code each: one signs in, and no code is lost for nothing', async () => {
      const person = await first.register()
      const { recoveryCodes } = await enrolTotp(first, person)
      const { ticket } = await ticketOf(first, person)
      await race((world, index) =>
        factor(world, ticket, { recovery: recoveryCodes[index % recoveryCodes.length] }),
      )
      assert.equal(await first.core.stores.recoveryCodes.countUnused(person.id as never), 9)
    })

    it('a code that signs in and steps up: one of them gets it', async () => {
      const person = await first.register()
      const app = await enrolTotp(first, person)
      const { ticket } = await ticketOf(first, person)
      const totp = app.next()
      await race(async (world, index) =>
        index === 0
          ? factor(world, ticket, { totp })
          : (await world.call('POST', '/me/step_up/', { token: person.access, body: { totp } })).status,
      )
    })

    it('a code that steps up, in ten sessions: one of them gets the level', async () => {
      const person = await first.register()
      const app = await enrolTotp(first, person)
      const tokens = [person.access]
      while (tokens.length < 10) {
        const { ticket } = await ticketOf(first, person)
        const signedIn = await first.call('POST', '/login/factor/', { body: { ticket, totp: app.next() } })
        tokens.push(signedIn.body.access)
      }
      const totp = app.next()
      await race(async (world, index) => {
        const token = tokens[index % tokens.length]!
        return (await world.call('POST', '/me/step_up/', { token, body: { totp } })).status
      })
    })

    it('the first code of an enrolment: one turns it on, and its codes are the ones that count', async () => {
      const person = await first.register()
      const token = person.access
      const begun = await first.call('POST', '/me/factors/totp/', { token, body: {} })
      const body = { id: begun.body.id, code: totpAt(begun.body.secret, first.clock.nowMs()) }
      const answers = await Promise.all(
        Array.from({ length: times }, (_, index) =>
          node(index).call('POST', '/me/factors/totp/confirm/', { token, body }),
        ),
      )
      const won = answers.filter(({ status }) => status === 200)
      assert.equal(won.length, 1, String(answers.map(({ status }) => status)))
      const { ticket } = await ticketOf(first, person)
      assert.equal(await factor(first, ticket, { recovery: won[0]!.body.recovery_codes[0] }), 200)
    })

    it('the answer of a passkey: one signs in', async () => {
      const person = await first.register()
      const token = person.access
      const authenticator = createAuthenticator()
      const creation = await first.call('POST', '/me/factors/passkey/options/', { token })
      const passkey = authenticator.create(creation.body)
      assert.equal(
        (await first.call('POST', '/me/factors/passkey/', { token, body: { passkey } })).status,
        201,
      )
      const options = await first.call('POST', '/login/passkey/options/', { body: {} })
      const signed = { passkey: authenticator.get(options.body) }
      await race(async world => (await world.call('POST', '/login/passkey/', { body: signed })).status)
    })
  })
}
