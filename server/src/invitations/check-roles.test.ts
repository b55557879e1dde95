import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { outboxOf, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { type Account, testWorld, type World } from '../../../test/support/world.ts'
import { eraseUser } from '../identity/index.ts'
import type { UserId } from '../kernel/index.ts'

const byCommand = { principal: null, origin: null }
const password = 'seven quiet lamps at noon'
const tokenOf = (link: string) => link.split('#t=')[1]!

let count = 0
const fresh = (what: string) => `${what}-${++count}`

const accept = ({ call }: World, { link }: { link: string }) =>
  call('POST', '/invitations/accept/', { body: { token: tokenOf(link), password, password2: password } })
const read = ({ call }: World, { link }: { link: string }) =>
  call('POST', '/invitations/read/', { body: { token: tokenOf(link) } })

for (const engine of engines) {
  describe(`the rank of an inviter, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: unthrottled })
    const { call } = world

    const makeRole = async (boss: Account, ...permissions: string[]) => {
      const code = fresh('role')
      const body = { name: code, code_name: code, permissions }
      const made = await call('POST', '/roles/', { token: boss.access, body })
      assert.equal(made.status, 201, made.text)
      return { id: made.body.id as number, code }
    }
    const invite = (token: string, roles: readonly string[] = []) =>
      call('POST', '/invitations/', { token, body: { email: `${fresh('invitee')}@example.com`, roles } })
    const setRoles = (boss: Account, { id }: Account, roles: readonly string[]) =>
      call('PATCH', `/users/${id}/`, { token: boss.access, body: { roles } })

    /** A clerk who may invite, with a role that may be handed out and one that may not. */
    async function clerkAndRoles() {
      const boss = await world.superuser()
      const reader = await makeRole(boss, 'users:read')
      const auditor = await makeRole(boss, 'audit:read')
      const inviting = await makeRole(boss, 'users:create')
      const clerk = await world.register()
      await setRoles(boss, clerk, [inviting.code, reader.code])
      return { boss, reader, auditor, inviting, clerk: await world.login(clerk) }
    }

    it('bounds the roles that are handed out, sent again and taken back', async () => {
      const { boss, reader, auditor, clerk } = await clerkAndRoles()
      assert.equal((await invite(clerk.access, [reader.code])).status, 201)
      const refused = await invite(clerk.access, [reader.code, auditor.code])
      assert.equal(refused.status, 403)
      assert.match(refused.body.detail, /audit:read/)
      const unknown = await invite(clerk.access, ['no-such-role'])
      assert.deepEqual([unknown.status, Object.keys(unknown.body.errors)], [400, ['roles']])
      const { body } = await invite(boss.access, [auditor.code])
      const path = `/invitations/${body.id}/`
      assert.equal((await call('POST', `${path}resend/`, { token: clerk.access })).status, 403)
      assert.equal((await call('DELETE', path, { token: clerk.access })).status, 403)
      assert.equal((await accept(world, body)).status, 201)
    })

    it('is asked again at acceptance: a role that the inviter could not give now is left out', async () => {
      const { boss, reader, auditor, inviting, clerk } = await clerkAndRoles()
      await setRoles(boss, clerk, [inviting.code, reader.code, auditor.code])
      const { body } = await invite((await world.login(clerk)).access, [reader.code, auditor.code])
      await setRoles(boss, clerk, [inviting.code, reader.code])
      const accepted = await accept(world, body)
      assert.deepEqual([accepted.status, accepted.body.roles], [201, [reader.code]])
      const person = await world.login({ email: body.email, password })
      assert.deepEqual((await call('GET', '/me/', { token: person.access })).body.roles, [reader.code])
      const audit = await call('GET', `/audit/?target=invitations/${body.id}`, { token: boss.access })
      const { roles, left_out } = audit.body.results[0].details
      assert.deepEqual([roles, left_out], [[reader.code], [auditor.code]])
    })

    it('is asked again of a role that got another permission meanwhile', async () => {
      const { boss, reader, clerk } = await clerkAndRoles()
      const role = await makeRole(boss, 'users:read')
      const { body } = await invite(clerk.access, [role.code, reader.code])
      const path = `/roles/${role.id}/permissions/audit:read/`
      assert.equal((await call('PUT', path, { token: boss.access })).status, 204)
      assert.deepEqual((await accept(world, body)).body.roles, [reader.code])
    })

    it('leaves out a role that was deleted, also where another has its name, and follows one that was renamed', async () => {
      const { boss } = await clerkAndRoles()
      const [gone, kept] = [await makeRole(boss, 'users:read'), await makeRole(boss, 'users:read')]
      const { body } = await invite(boss.access, [gone.code, kept.code])
      await call('DELETE', `/roles/${gone.id}/`, { token: boss.access })
      const again = { name: gone.code, code_name: gone.code, permissions: ['audit:read'] }
      assert.equal((await call('POST', '/roles/', { token: boss.access, body: again })).status, 201)
      const code_name = fresh('renamed')
      await call('PATCH', `/roles/${kept.id}/`, { token: boss.access, body: { code_name } })
      assert.deepEqual((await accept(world, body)).body.roles, [code_name])
    })

    const losses: Record<string, (boss: Account, clerk: Account) => Promise<unknown>> = {
      'whose account was closed': ({ access: token }, { id }) => call('DELETE', `/users/${id}/`, { token }),
      'who may not invite any more': (boss, clerk) => setRoles(boss, clerk, []),
    }
    for (const [whose, lose] of Object.entries(losses)) {
      it(`makes an invitation useless ${whose}, until another sends it again`, async () => {
        const { boss, reader, clerk } = await clerkAndRoles()
        const { body } = await invite(clerk.access, [reader.code])
        await lose(boss, clerk)
        const useless = await read(world, { link: body.link.replace(/.$/, 'x') })
        for (const answer of [await read(world, body), await accept(world, body)]) {
          assert.deepEqual([answer.status, answer.body.errors.token], [400, useless.body.errors.token])
        }
        const path = `/invitations/${body.id}/`
        const listed = await call('GET', `/invitations/?search=${body.email}`, { token: boss.access })
        const alone = await call('GET', path, { token: boss.access })
        for (const { inviter } of [listed.body.results[0], alone.body])
          assert.deepEqual(inviter, { id: clerk.id, email: clerk.email, may_invite: false })
        const resent = await call('POST', `${path}resend/`, { token: boss.access })
        assert.equal(resent.body.inviter.may_invite, true)
        assert.deepEqual([resent.status, resent.body.inviter.id], [200, boss.id], resent.text)
        assert.equal((await accept(world, body)).status, 400)
        assert.deepEqual((await accept(world, resent.body)).body.roles, [reader.code])
      })
    }

    it('is that of an API key where one invited, and ends with it', async () => {
      const { boss, reader, auditor } = await clerkAndRoles()
      const key = { name: fresh('key'), permissions: ['users:create', 'users:read'] }
      const { body: made } = await call('POST', '/api_keys/', { token: boss.access, body: key })
      const by = made.key
      assert.equal((await invite(by, [auditor.code])).status, 403)
      const [one, other] = [await invite(by, [reader.code]), await invite(by, [reader.code])]
      assert.equal(one.status, 201, one.text)
      assert.deepEqual((await accept(world, one.body)).body.roles, [reader.code])
      await call('DELETE', `/api_keys/${made.id}/`, { token: boss.access })
      assert.equal((await accept(world, other.body)).status, 400)
    })

    it('keeps the row of an erased inviter, and no row of an erased invitee', async () => {
      const { boss, reader, clerk } = await clerkAndRoles()
      const { body: waiting } = await invite(clerk.access, [reader.code])
      const { body } = await invite(boss.access)
      const { id } = (await accept(world, body)).body
      for (const userId of [clerk.id, id]) await eraseUser(world.core, byCommand, userId as UserId)
      const statusOf = async (of: number) =>
        (await call('GET', `/invitations/${of}/`, { token: boss.access })).status
      assert.deepEqual([await statusOf(waiting.id), await statusOf(body.id)], [200, 404])
      assert.equal((await accept(world, waiting)).status, 400)
    })
  })

  describe(`how many invitations are sent, on ${engine}`, async () => {
    const env = { ...withMail, PROPUSK_LIMIT_MAIL: '2/1h', PROPUSK_LIMIT_MAIL_NETWORK: '4/1h' }
    const world = await testWorld({ engine, env })

    it('has a bound for each address and each inviter, and what is refused sends nothing', async () => {
      const { access: token } = await world.superuser()
      const email = 'often@example.com'
      const made = await world.call('POST', '/invitations/', { token, body: { email } })
      assert.equal(made.status, 201, made.text)
      const path = `/invitations/${made.body.id}/resend/`
      const statuses = []
      for (let times = 0; times < 2; times++)
        statuses.push((await world.call('POST', path, { token })).status)
      assert.deepEqual(statuses, [200, 429])
      assert.equal((await outboxOf(world, email)).length, 2)
      const others = []
      for (const name of ['a', 'b']) {
        const body = { email: `${name}@example.com` }
        others.push((await world.call('POST', '/invitations/', { token, body })).status)
      }
      assert.deepEqual(others, [201, 429])
    })
  })

  describe(`invitations in all, on ${engine}`, async () => {
    const total = {
      PROPUSK_LIMIT_MAIL: 'off',
      PROPUSK_LIMIT_MAIL_NETWORK: 'off',
      PROPUSK_LIMIT_MAIL_TOTAL: '3/1h',
    }
    const world = await testWorld({ engine, env: { ...withMail, ...total } })

    it('have a share that callers who are not signed in cannot use up, and a bound of their own', async () => {
      const { access: token } = await world.superuser()
      for (let at = 0; at < 9; at++) {
        const body = { email: `stranger-${at}@example.com` }
        const asked = await world.call('POST', '/password/reset/request/', { body })
        assert.equal(asked.status, 202, asked.text)
      }
      const invite = async (name: string) => {
        const body = { email: `${name}@example.com` }
        return (await world.call('POST', '/invitations/', { token, body })).status
      }
      assert.deepEqual([await invite('a'), await invite('b'), await invite('c')], [201, 201, 201])
      assert.equal(await invite('d'), 429)
    })
  })
}
