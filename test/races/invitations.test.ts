import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { testWorld } from '../support/world.ts'
import { tally } from './tally.ts'
import { twoNodes } from './two-nodes.ts'

const times = 50
const password = 'seven quiet lamps at noon'
const passwords = { password, password2: password }
const tokenOf = (link: string) => link.split('#t=')[1]!

for (const engine of engines) {
  describe(`an invitation that is accepted ${times} times at once, on ${engine}`, async () => {
    // SQLite is for one node.
    const nodes = engine === 'sqlite' ? [await testWorld({ engine })] : await twoNodes(engine)
    const [first] = nodes as [(typeof nodes)[number]]
    const node = (index: number) => nodes[index % nodes.length]!
    const times50 = <T>(one: (index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: times }, (_, index) => one(index)))

    it('makes one account, with its roles, and one event', async () => {
      const { access: token } = await first.superuser()
      await first.call('POST', '/roles/', { token, body: { name: 'Clerk', code_name: 'clerk' } })
      const invitation = { email: 'crowd@example.com', roles: ['clerk'] }
      const made = await first.call('POST', '/invitations/', { token, body: invitation })
      assert.equal(made.status, 201, made.text)
      const body = { token: tokenOf(made.body.link), ...passwords }
      const answers = await times50(index => node(index).call('POST', '/invitations/accept/', { body }))
      // On a busy machine some wait too long for a connection or the hash of their password.
      const { 201: won, 400: useless = 0, 409: taken = 0, 503: late = 0, ...others } = tally(answers)
      assert.deepEqual([won, useless + taken + late, others], [1, times - 1, {}])
      const { read } = first.core.database
      const users = await read
        .selectFrom('users')
        .select('id')
        .where('email', '=', invitation.email)
        .execute()
      assert.equal(users.length, 1)
      const roles = await read
        .selectFrom('user_roles')
        .selectAll()
        .where('user_id', '=', users[0]!.id)
        .execute()
      assert.equal(roles.length, 1)
      const events = await read
        .selectFrom('audit_events')
        .select('id')
        .where('action', '=', 'invitation.accept')
        .execute()
      assert.equal(events.length, 1)
    })

    it('and is revoked or sent again meanwhile, is accepted or not, and never both', async () => {
      const { access: token } = await first.superuser()
      for (let round = 0; round < 6; round++) {
        const email = `round-${round}@example.com`
        const made = await first.call('POST', '/invitations/', { token, body: { email } })
        const path = `/invitations/${made.body.id}/`
        const body = { token: tokenOf(made.body.link), ...passwords }
        const [accepted, ended] = await Promise.all([
          node(0).call('POST', '/invitations/accept/', { body }),
          round % 2 === 0
            ? node(1).call('DELETE', path, { token })
            : node(1).call('POST', `${path}resend/`, { token }),
        ])
        const { state } = (await first.call('GET', path, { token })).body
        const account = await first.core.stores.users.findByEmail(email)
        assert.deepEqual(
          [accepted.status === 201, account !== undefined, state === 'accepted'],
          accepted.status === 201 ? [true, true, true] : [false, false, false],
          `${accepted.status} ${ended.status} ${state}`,
        )
        assert.equal(ended.status === 409, accepted.status === 201, `${accepted.status} ${ended.status}`)
      }
    })

    it('waits once for an address that is invited by many at once', async () => {
      const { access: token } = await first.superuser()
      const body = { email: 'wanted@example.com' }
      const answers = await times50(index => node(index).call('POST', '/invitations/', { token, body }))
      const { 201: won, 409: refused = 0, 503: late = 0, ...others } = tally(answers)
      assert.deepEqual([won, refused + late, others], [1, times - 1, {}])
      const link = answers.find(({ status }) => status === 201)!.body.link
      const accepted = await first.call('POST', '/invitations/accept/', {
        body: { token: tokenOf(link), ...passwords },
      })
      assert.equal(accepted.status, 201, accepted.text)
    })
  })
}
