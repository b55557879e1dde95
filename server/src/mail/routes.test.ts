import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'
import { createMailCatcher, MailFailure, type NewMail } from './index.ts'

interface MailRow {
  readonly kind: string
  readonly to_email: string
  readonly state: string
  readonly last_error: string | null
}

const mail: NewMail = {
  kind: 'address_taken',
  locale: 'ru',
  toEmail: 'anna@example.com',
  userId: null,
  proofId: null,
  details: {},
}

/** Without those that new accounts got to prove their addresses. */
const withoutProofs = <M extends { readonly kind: string }>(mails: readonly M[]): readonly M[] =>
  mails.filter(({ kind }) => kind !== 'email_verify')

for (const engine of engines) {
  describe(`the list of mails, on ${engine}`, () => {
    it('shows those that failed and why, and one of them is sent when it is tried again', async () => {
      const catcher = createMailCatcher()
      let isRefused = true
      const send: typeof catcher.send = async (rendered, signal) => {
        if (isRefused && rendered.toEmail === mail.toEmail) throw new MailFailure('550 5.1.1', true)
        await catcher.send(rendered, signal)
      }
      const world = await testWorld({ engine, mail: { ...catcher, send } })
      const administrator = await world.withPermissions('mail:read', 'mail:update')
      const ask = (method: string, path: string) => world.call(method, path, { token: administrator.access })
      await world.core.transaction(async ({ outbox }) => {
        await outbox.add(mail, world.core.clock.nowMs())
        await outbox.add({ ...mail, toEmail: 'ben@example.com' }, world.core.clock.nowMs())
      })
      await world.server.mail!.sendDue()

      const { results } = (await ask('GET', '/mail/')).body
      assert.deepEqual(
        withoutProofs<MailRow>(results).map(({ to_email, state, last_error }) => [
          to_email,
          state,
          last_error,
        ]),
        [
          ['ben@example.com', 'sent', null],
          ['anna@example.com', 'failed', '550 5.1.1'],
        ],
      )
      const failed = (await ask('GET', '/mail/?state=failed')).body.results
      assert.equal(failed.length, 1)

      isRefused = false
      const retried = await ask('POST', `/mail/${failed[0].id}/retry/`)
      assert.equal(retried.status, 200, retried.text)
      await world.server.mail!.sendDue()
      assert.deepEqual((await ask('GET', '/mail/?state=failed')).body.results, [])
      assert.deepEqual(
        withoutProofs(catcher.mails).map(({ toEmail, locale }) => [toEmail, locale]),
        [
          ['anna@example.com', 'ru'],
          ['ben@example.com', 'ru'],
        ],
      )
      assert.equal((await ask('POST', `/mail/${failed[0].id}/retry/`)).status, 409)
      assert.equal((await ask('POST', '/mail/9999/retry/')).status, 404)
    })
  })
}

describe('where mail is not configured', () => {
  it('the list of mails is empty, and none is tried again', async () => {
    const world = await testWorld()
    const { access: token } = await world.withPermissions('mail:read', 'mail:update')
    assert.deepEqual((await world.call('GET', '/mail/', { token })).body.results, [])
    const answer = await world.call('POST', '/mail/1/retry/', { token })
    assert.deepEqual([answer.status, answer.body.code], [404, 'mail_not_configured'])
    assert.equal(world.server.mail, undefined)
  })
})
