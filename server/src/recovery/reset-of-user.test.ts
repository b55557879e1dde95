import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { testWorld, type World } from '../../../test/support/world.ts'

const password = 'seven quiet lamps at noon'
const tokenOf = (link: string) => link.split('#t=')[1]!
const reset = async ({ call }: World, token: string) =>
  (await call('POST', '/password/reset/', { body: { token, password, password2: password } })).status
const start = ({ call }: World, token: string, id: number) =>
  call('POST', `/users/${id}/password/reset/`, { token })

for (const engine of engines) {
  describe(`a reset by an administrator, on ${engine}`, async () => {
    const mailing = await testWorld({ engine, env: { ...withMail, ...unthrottled } })
    const silent = await testWorld({ engine, env: unthrottled })

    it('sends the mail, ends the sessions and lets the old password in no more', async () => {
      const { access: token } = await mailing.superuser()
      const account = await mailing.register()
      const proof = await sentProof(mailing, 'email_verify', account.email)
      await mailing.call('POST', '/email/verify/', { body: { token: proof.token } })
      const answer = await start(mailing, token, account.id)
      assert.deepEqual([answer.status, answer.body.link], [200, null], answer.text)
      assert.equal((await mailing.call('GET', '/me/', { token: account.access })).status, 401)
      const old = await mailing.call('POST', '/login/', {
        body: { email: account.email, password: account.password },
      })
      assert.equal(old.status, 401)
      const kinds = (await outboxOf(mailing, account.email)).map(({ kind }) => kind)
      assert.deepEqual(kinds.slice(-2), ['password_reset', 'security_notice'])
      const sent = await sentProof(mailing, 'password_reset', account.email)
      assert.equal(await reset(mailing, sent.token), 204)
      await mailing.login({ email: account.email, password })
    })

    it('gives a link of one hour where there is no mail, which proves nothing about the address', async () => {
      const { access: token } = await silent.superuser()
      for (const [sinceMs, status] of [
        [3_599_000, 204],
        [3_601_000, 400],
      ] as const) {
        const account = await silent.register()
        const { body } = await start(silent, token, account.id)
        assert.match(body.link, /^http:\/\/localhost:8000\/account\/reset#t=\d+\.[\w-]{43}$/)
        silent.clock.advance(sinceMs)
        assert.equal(await reset(silent, tokenOf(body.link)), status)
        assert.equal(await reset(silent, tokenOf(body.link)), 400)
        if (status === 204) {
          const again = await silent.login({ email: account.email, password })
          assert.equal((await silent.call('GET', '/me/', { token: again.access })).body.email_verified, false)
        }
        silent.clock.step(-sinceMs)
      }
    })

    it('is refused to a caller of lower rank, for an unknown account, and for a closed one', async () => {
      const boss = await silent.superuser()
      const clerk = await silent.withPermissions('users:update')
      const auditor = await silent.withPermissions('audit:read')
      assert.equal((await start(silent, clerk.access, boss.id)).status, 403)
      assert.equal((await start(silent, clerk.access, auditor.id)).status, 403)
      assert.equal((await start(silent, boss.access, 987_654)).status, 404)
      const account = await silent.register()
      await silent.call('DELETE', `/users/${account.id}/`, { token: boss.access })
      assert.equal((await start(silent, boss.access, account.id)).status, 409)
      await silent.login(auditor)
    })
  })
}
