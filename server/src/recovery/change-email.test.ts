import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, outboxOf, proveAddress, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { enrolTotp, ticketOf } from '../../../test/support/totp.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'
import { proofKinds } from '../proofs/index.ts'

for (const engine of engines) {
  describe(`a change of address, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { ...withMail, ...unthrottled } })
    const { call } = world
    let count = 0
    const fresh = () => `new-${++count}@example.com`
    const proved = async (): Promise<Account> => {
      const account = await world.register()
      await proveAddress(world, account.email)
      return account
    }
    const ask = async ({ access: token }: Account, email: string) =>
      (await call('POST', '/me/email/', { token, body: { email } })).status
    const confirm = async ({ access: token }: Account, body: Record<string, string>) =>
      (await call('POST', '/me/email/confirm/', { token, body })).status
    const undo = async (token: string) => (await call('POST', '/email/undo/', { body: { token } })).status
    const emailOf = async ({ access: token }: Account) => (await call('GET', '/me/', { token })).body.email
    const change = async (account: Account, email: string) => {
      assert.equal(await ask(account, email), 202)
      assert.equal(
        await confirm(account, { token: (await sentProof(world, 'email_change', email)).token }),
        204,
      )
    }

    const enrolAndRefresh = async (account: Account): Promise<Account> => {
      await enrolTotp(world, account)
      const { body } = await call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
      return { ...account, ...body }
    }

    it('holds once the mail to the new address is shown, by its link or its code, and proves it', async () => {
      for (const by of ['token', 'code'] as const) {
        const [account, email] = [await world.register(), fresh()]
        assert.equal(await ask(account, email), 202)
        assert.equal(await emailOf(account), account.email)
        const { token, code } = await sentProof(world, 'email_change', email)
        assert.equal(await confirm(account, by === 'token' ? { token } : { email, code }), 204)
        const { body } = await call('GET', '/me/', { token: account.access })
        assert.deepEqual([body.email, body.email_verified], [email, true])
        assert.equal(await confirm(account, { token }), 400)
        await world.login({ email, password: account.password })
      }
    })

    it('is confirmed by no other account and by no caller without a session', async () => {
      const [account, other, email] = [await world.register(), await world.register(), fresh()]
      await ask(account, email)
      const { token, code } = await sentProof(world, 'email_change', email)
      assert.equal(await confirm(other, { token }), 400)
      assert.equal(await confirm(other, { email, code }), 400)
      assert.equal((await call('POST', '/me/email/confirm/', { body: { token } })).status, 401)
      assert.equal(await emailOf(account), account.email)
    })

    it('asks for a sign-in of the last ten minutes', async () => {
      const account = await world.register()
      world.clock.advance(11 * 60_000)
      const { access } = (await call('POST', '/token/refresh/', { body: { refresh: account.refresh } })).body
      const answer = await call('POST', '/me/email/', { token: access, body: { email: fresh() } })
      assert.deepEqual([answer.status, answer.body.code], [401, 'insufficient_user_authentication'])
    })

    it('answers the same for a taken address, and changes nothing', async () => {
      const [account, other] = [await world.register(), await world.register()]
      assert.equal(await ask(account, other.email), 202)
      assert.equal(await findSentProof(world, 'email_change', other.email), undefined)
      assert.equal((await outboxOf(world, other.email)).at(-1)?.kind, 'address_taken')
    })

    it('is refused when the address was taken meanwhile, and the mail can be shown again', async () => {
      const [account, email] = [await world.register(), fresh()]
      await ask(account, email)
      const { token } = await sentProof(world, 'email_change', email)
      await world.register(email)
      assert.equal(await confirm(account, { token }), 409)
      assert.equal(await emailOf(account), account.email)
    })

    it('cannot be undone by an address that was never proved: it may have been mistyped', async () => {
      const [account, email] = [await world.register(), fresh()]
      await change(account, email)
      assert.equal(await findSentProof(world, 'email_undo', account.email), undefined)
      const kinds = (await outboxOf(world, account.email)).map(({ kind }) => kind)
      assert.ok(!kinds.includes('email_changed'), kinds.join())
    })

    it('is undone by the mail that the old address got: everything ends, and a reset begins', async () => {
      const [account, email] = [await proved(), fresh()]
      await change(account, email)
      const { token } = await sentProof(world, 'email_undo', account.email)
      assert.equal((await outboxOf(world, account.email)).at(-1)?.kind, 'email_changed')
      assert.equal(await undo(token), 204)
      assert.equal((await call('GET', '/me/', { token: account.access })).status, 401)
      for (const tried of [account.email, email]) {
        const body = { email: tried, password: account.password }
        assert.equal((await call('POST', '/login/', { body })).status, 401)
      }
      const reset = await sentProof(world, 'password_reset', account.email)
      const password = 'seven quiet lamps at noon'
      const passwords = { password, password2: password }
      assert.equal(
        (await call('POST', '/password/reset/', { body: { token: reset.token, ...passwords } })).status,
        204,
      )
      await world.login({ email: account.email, password })
      assert.equal(await undo(token), 400)
    })

    it('is undone even after a reset by whoever reads the new address', async () => {
      const [account, email] = [await proved(), fresh()]
      await change(account, email)
      const { token } = await sentProof(world, 'email_undo', account.email)
      await call('POST', '/password/reset/request/', { body: { email } })
      const reset = await sentProof(world, 'password_reset', email)
      const password = 'the attacker chose this one'
      await call('POST', '/password/reset/', { body: { token: reset.token, password, password2: password } })
      assert.equal(await undo(token), 204)
      assert.equal((await call('POST', '/login/', { body: { email: account.email, password } })).status, 401)
    })

    const signInBy = async (email: string, password: string) =>
      (await call('POST', '/login/', { body: { email, password } })).body
    const resetBy = async (email: string, more: object = {}) => {
      const { token } = await sentProof(world, 'password_reset', email)
      const password = 'seven quiet lamps at noon'
      const body = { token, password, password2: password, ...more }
      return (await call('POST', '/password/reset/', { body })).status
    }

    it('undone, takes the factors away that its thief turned on, before it or after it', async () => {
      for (const isFirst of [true, false]) {
        const [account, email] = [await proved(), fresh()]
        const thief = isFirst ? await enrolAndRefresh(account) : account
        await change(thief, email)
        if (!isFirst) await enrolTotp(world, account)
        assert.equal(await undo((await sentProof(world, 'email_undo', account.email)).token), 204)
        const notices = (await outboxOf(world, account.email)).map(({ details }) => JSON.parse(details).event)
        assert.ok(notices.includes('factor_removed'))
        assert.equal(await resetBy(account.email), 204)
        assert.ok('access' in (await signInBy(account.email, 'seven quiet lamps at noon')))
      }
    })

    it('undone, leaves a factor on that the account had before, and takes only newer recovery codes away', async () => {
      const [account, email] = [await proved(), fresh()]
      const app = await enrolTotp(world, account)
      world.clock.advance(25 * 3_600_000)
      const { ticket } = await ticketOf(world, account)
      const signedIn = await call('POST', '/login/factor/', { body: { ticket, totp: app.next() } })
      const thief = { ...account, access: signedIn.body.access }
      await change(thief, email)
      const made = await call('POST', '/me/factors/recovery/', { token: thief.access })
      assert.equal(made.status, 200)
      assert.equal(await undo((await sentProof(world, 'email_undo', account.email)).token), 204)
      assert.equal(await resetBy(account.email), 401)
      assert.equal(await resetBy(account.email, { recovery: made.body.recovery_codes[0] }), 401)
      assert.equal(await resetBy(account.email, { totp: app.next() }), 204)
      const step = await signInBy(account.email, 'seven quiet lamps at noon')
      assert.deepEqual(step.methods, ['totp'])
    })

    it('can be undone for seven days', async () => {
      for (const [sinceMs, status] of [
        [proofKinds.email_undo.lifeMs - 1000, 204],
        [proofKinds.email_undo.lifeMs + 1000, 400],
      ] as const) {
        const [account, email] = [await proved(), fresh()]
        await change(account, email)
        const { token } = await sentProof(world, 'email_undo', account.email)
        world.clock.advance(sinceMs)
        assert.equal(await undo(token), status)
      }
    })

    it('is confirmed and undone by one of fifty at the same time', async () => {
      const [account, email] = [await proved(), fresh()]
      await ask(account, email)
      const { token, code } = await sentProof(world, 'email_change', email)
      const fifty = <T>(work: (at: number) => Promise<T>) =>
        Promise.all(Array.from({ length: 50 }, (_, at) => work(at)))
      const confirmed = await fifty(at => confirm(account, at % 2 ? { token } : { email, code }))
      assert.equal(confirmed.filter(status => status === 204).length, 1)
      const { token: back } = await sentProof(world, 'email_undo', account.email)
      const undone = await fifty(() => undo(back))
      assert.equal(undone.filter(status => status === 204).length, 1)
    })
  })
}
