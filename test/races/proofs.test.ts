import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { proveAddress, sentProof, withMuchMail } from '../support/proofs.ts'
import { twoNodes } from './two-nodes.ts'

/** How often one mail is shown at once. */
const times = 50
const passwordOf = (index: number) => `seven quiet lamps at noon, ${index}`

for (const engine of engines) {
  describe(`one mail, shown ${times} times at once by its link and its code, on ${engine}`, async () => {
    const nodes = await twoNodes(engine, withMuchMail)
    const [first] = nodes
    let count = 0
    const fresh = () => `race-${++count}@example.com`

    /** One answer is a success, the others say that it does not work. */
    const race = async (
      show: (node: (typeof nodes)[number], index: number) => Promise<{ status: number }>,
    ) => {
      const answers = await Promise.all(
        Array.from({ length: times }, (_, index) => show(nodes[index % 2]!, index)),
      )
      const statuses = answers.map(({ status }) => status)
      const won = statuses.filter(status => status === 200 || status === 201 || status === 204)
      assert.equal(won.length, 1, String(statuses))
      // Of an invitation also a conflict: the account is there by then.
      const lost = statuses.filter(status => status === 400 || status === 409)
      assert.equal(lost.length, times - 1, String(statuses))
      return statuses.indexOf(won[0]!)
    }
    type Shown = { readonly token: string; readonly code: string }
    const shown = ({ token, code }: Shown, email: string, index: number) =>
      index % 4 < 2 ? { token } : { email, code }

    it('a reset: one sets the password, and that one signs in', async () => {
      const { email } = await first.register(fresh())
      await first.call('POST', '/password/reset/request/', { body: { email } })
      const sent = await sentProof(first, 'password_reset', email)
      const winner = await race((node, index) => {
        const password = passwordOf(index)
        const body = { ...shown(sent, email, index), password, password2: password }
        return node.call('POST', '/password/reset/', { body })
      })
      await first.login({ email, password: passwordOf(winner) })
    })

    it('a sign-in by a code: one session begins', async () => {
      const account = await first.register(fresh())
      const { email } = account
      await proveAddress(first, email)
      const live = async () =>
        (await first.core.stores.sessions.listLive(account.id as never, first.clock.nowMs())).length
      const before = await live()
      await first.call('POST', '/login/code/request/', { body: { email } })
      const sent = await sentProof(first, 'login_code', email)
      await race((node, index) => node.call('POST', '/login/code/', { body: shown(sent, email, index) }))
      assert.equal(await live(), before + 1)
    })

    it('a change of address, and its undo: one changes it, one changes it back', async () => {
      const account = await first.register(fresh())
      await proveAddress(first, account.email)
      const [token, email] = [account.access, fresh()]
      await first.call('POST', '/me/email/', { token, body: { email } })
      const sent = await sentProof(first, 'email_change', email)
      await race((node, index) =>
        node.call('POST', '/me/email/confirm/', { token, body: shown(sent, email, index) }),
      )
      const undo = await sentProof(first, 'email_undo', account.email)
      await race(node => node.call('POST', '/email/undo/', { body: { token: undo.token } }))
      assert.equal((await first.core.stores.users.findByEmail(account.email))?.user.id, account.id)
      const events = await first.core.database.read
        .selectFrom('audit_events')
        .select('action')
        .where('action', 'in', ['user.email_change', 'user.email_undo'])
        .where('target', '=', `users/${account.id}`)
        .execute()
      assert.equal(events.length, 2)
    })

    it('the proof of an address: one proves it', async () => {
      const { email } = await first.register(fresh())
      const sent = await sentProof(first, 'email_verify', email)
      await race((node, index) => node.call('POST', '/email/verify/', { body: shown(sent, email, index) }))
    })

    it('an invitation: one account is made, with the password of the one that won', async () => {
      const { access: token } = await first.superuser()
      const email = fresh()
      const made = await first.call('POST', '/invitations/', { token, body: { email, roles: [] } })
      assert.equal(made.status, 201, made.text)
      const sent = await sentProof(first, 'invitation', email)
      const winner = await race((node, index) => {
        const password = passwordOf(index)
        const body = { ...shown(sent, email, index), password, password2: password }
        return node.call('POST', '/invitations/accept/', { body })
      })
      await first.login({ email, password: passwordOf(winner) })
    })
  })
}
