import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthenticator } from '../support/authenticator.ts'
import { engines } from '../support/engines.ts'
import { enrolTotp, ticketOf, totpAt } from '../support/totp.ts'
import { testWorld, type World } from '../support/world.ts'
import { tally } from './tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent.
type Answer = { readonly status: number; readonly body: any }

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

    const countEffects = async () => {
      const { count } = await first.core.database.read
        .selectFrom('audit_events')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('action', 'in', ['user.login', 'user.step_up', 'factor.create'])
        .where('outcome', '=', 'success')
        .executeTakeFirstOrThrow()
      return Number(count)
    }
    /**
     * One of them has its effect, by the audit. On PostgreSQL a node that has heard nothing for a second, as on a busy machine, answers
     * all that wait with 503, also the one whose transaction goes on (ADR 2): then none of the answers is that of the winner.
     */
    const shownAtOnce = async (one: (world: World, index: number) => Promise<Answer>) => {
      const before = await countEffects()
      const answers = await Promise.all(Array.from({ length: times }, (_, index) => one(node(index), index)))
      const { 200: won = 0, 503: late = 0, ...others } = tally(answers)
      const seen = JSON.stringify(tally(answers))
      assert.ok(won === 1 || (won === 0 && late > 0), seen)
      assert.ok(
        Object.keys(others).every(status => ['400', '401', '404', '429'].includes(status)),
        seen,
      )
      // Work that no caller waits for any more may still be under way.
      for (let tries = 0; late > 0 && tries < 200 && (await countEffects()) === before; tries++)
        await sleep(100)
      assert.equal((await countEffects()) - before, 1, seen)
      return answers.find(({ status }) => status === 200)
    }
    const race = async (one: (world: World, index: number) => Promise<number>) =>
      void (await shownAtOnce(async (world, index) => ({ status: await one(world, index), body: {} })))
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
      const won = await shownAtOnce(world => world.call('POST', '/me/factors/totp/confirm/', { token, body }))
      assert.equal(await first.core.stores.recoveryCodes.countUnused(person.id as never), 10)
      if (won === undefined) return
      const { ticket } = await ticketOf(first, person)
      assert.equal(await factor(first, ticket, { recovery: won.body.recovery_codes[0] }), 200)
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
