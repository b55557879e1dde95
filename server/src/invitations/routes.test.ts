import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { testWorld, type World } from '../../../test/support/world.ts'
import { initialFields } from '../identity/index.ts'

const password = 'seven quiet lamps at noon'
const passwords = { password, password2: password }
const weekMs = 7 * 86_400_000
const tokenOf = (link: string) => link.split('#t=')[1]!

let count = 0
const address = () => `invitee-${++count}@example.com`

const invite = ({ call }: World, token: string, body: Record<string, unknown> = {}) =>
  call('POST', '/invitations/', { token, body: { email: address(), ...body } })
const read = ({ call }: World, body: unknown) => call('POST', '/invitations/read/', { body })
const accept = ({ call }: World, body: Record<string, unknown>) =>
  call('POST', '/invitations/accept/', { body: { ...passwords, ...body } })

/** Where nobody can register. */
async function superuserOf({ core, login }: World) {
  const email = address()
  const passwordHash = await core.hasher.hash(password)
  const flags = { isStaff: true, isSuperuser: true }
  await core.transaction(({ users }) =>
    users.add({ ...initialFields, ...flags, email, passwordHash }, core.clock.nowMs()),
  )
  return login({ email, password })
}

const eventsOf = async ({ call }: World, token: string, id: number) =>
  (await call('GET', `/audit/?target=invitations/${id}&ordering=id`, { token })).body.results

for (const engine of engines) {
  describe(`an invitation, on ${engine}`, async () => {
    const closed = { PROPUSK_REGISTRATION: 'closed' }
    const mailing = await testWorld({ engine, env: { ...withMail, ...unthrottled, ...closed } })
    const silent = await testWorld({ engine, env: unthrottled })
    const open = await testWorld({ engine, env: { ...withMail, ...unthrottled } })

    it('opens an account where registration is closed, by the link or the code of its mail', async () => {
      const { access: token } = await superuserOf(mailing)
      await mailing.call('POST', '/roles/', { token, body: { name: 'Clerk', code_name: 'clerk' } })
      for (const by of ['token', 'code'] as const) {
        const email = address()
        const body = { email: ` ${email.toUpperCase()}`, first_name: 'Anna', roles: ['clerk'], locale: 'ru' }
        const made = await invite(mailing, token, body)
        assert.equal(made.status, 201, made.text)
        const { state, roles, link, first_name, locale } = made.body
        assert.deepEqual([made.body.email, state, roles, link], [email, 'pending', ['clerk'], null])
        assert.deepEqual([first_name, locale], ['Anna', 'ru'])
        assert.equal(Date.parse(made.body.expires_at) - Date.parse(made.body.created_at), weekMs)
        const [mail] = await outboxOf(mailing, email)
        assert.deepEqual([mail?.kind, mail?.locale, mail?.details], ['invitation', 'ru', '{}'])

        const sent = await sentProof(mailing, 'invitation', email)
        const proof = by === 'token' ? { token: sent.token } : { email, code: sent.code }
        const shown = await read(mailing, proof)
        assert.equal(shown.status, 200, shown.text)
        const accepted = await accept(mailing, { ...proof, last_name: 'Petrova' })
        assert.equal(accepted.status, 201, accepted.text)
        assert.deepEqual(
          [accepted.body.email, accepted.body.email_verified, accepted.body.roles],
          [email, true, ['clerk']],
        )
        const account = await mailing.login({ email, password })
        const me = (await mailing.call('GET', '/me/', { token: account.access })).body
        assert.deepEqual(
          [me.first_name, me.last_name, me.roles, me.email_verified],
          ['Anna', 'Petrova', ['clerk'], true],
        )
        const now = await mailing.call('GET', `/invitations/${made.body.id}/`, { token })
        assert.deepEqual([now.body.state, now.body.user_id], ['accepted', account.id])
        assert.equal(Object.hasOwn(now.body, 'link'), false)
        for (const again of [read(mailing, proof), accept(mailing, proof)])
          assert.equal((await again).status, 400)
        const events = await eventsOf(mailing, token, made.body.id)
        assert.deepEqual(
          events.map(({ action, details }: { action: string; details: { by?: string } }) => [
            action,
            details.by,
          ]),
          [
            ['invitation.create', 'mail'],
            ['invitation.accept', by === 'token' ? 'link' : 'code'],
          ],
        )
      }
    })

    it('tells its reader who invites, to which address and until when, and changes nothing', async () => {
      const boss = await open.superuser()
      const email = address()
      await invite(open, boss.access, { email, middle_name: 'B.' })
      const { token } = await sentProof(open, 'invitation', email)
      const first = await read(open, { token })
      assert.deepEqual(
        [first.body.email, first.body.invited_by, first.body.middle_name, first.body.has_account],
        [email, boss.email, 'B.', false],
      )
      await open.call('PATCH', '/me/', { token: boss.access, body: { first_name: 'Ivan' } })
      for (let times = 0; times < 5; times++)
        assert.equal((await read(open, { token })).body.invited_by, 'Ivan')
      assert.equal((await accept(open, { token })).status, 201)
    })

    it('is a link that is shown once where there is no mail, and proves nothing about the address', async () => {
      const { access: token } = await silent.superuser()
      const made = await invite(silent, token)
      assert.match(made.body.link, /^http:\/\/localhost:8000\/account\/invitation#t=\d+\.[\w-]{43}$/)
      const again = await silent.call('POST', `/invitations/${made.body.id}/resend/`, { token })
      assert.deepEqual([again.status, again.body.link === made.body.link], [200, false])
      assert.equal((await accept(silent, { token: tokenOf(made.body.link) })).status, 400)
      const accepted = await accept(silent, { token: tokenOf(again.body.link) })
      assert.deepEqual([accepted.status, accepted.body.email_verified], [201, false])
      const events = JSON.stringify(await eventsOf(silent, token, made.body.id))
      assert.ok(!events.includes(tokenOf(again.body.link)))
    })

    it('works for seven days, to the second, and can be sent again after them', async () => {
      const { access } = await open.superuser()
      for (const [sinceMs, status] of [
        [weekMs - 1000, 201],
        [weekMs + 1000, 400],
      ] as const) {
        const made = await invite(open, access)
        const { token } = await sentProof(open, 'invitation', made.body.email)
        open.clock.advance(sinceMs)
        assert.equal((await accept(open, { token })).status, status)
        const { access: now } = await open.superuser()
        const path = `/invitations/${made.body.id}/`
        const { state } = (await open.call('GET', path, { token: now })).body
        assert.equal(state, status === 201 ? 'accepted' : 'expired')
        const resent = await open.call('POST', `${path}resend/`, { token: now })
        assert.deepEqual(
          [resent.status, resent.body.state],
          status === 201 ? [409, undefined] : [200, 'pending'],
        )
        open.clock.step(-sinceMs)
      }
    })

    it('leaves room for a new one when its time is over, and only then', async () => {
      const { access: token } = await open.superuser()
      const email = address()
      const made = await invite(open, token, { email })
      const second = await invite(open, token, { email })
      assert.equal(second.status, 409)
      assert.match(second.body.errors.email[0], /already pending/)
      open.clock.advance(weekMs + 1000)
      const { access: now } = await open.superuser()
      const third = await invite(open, now, { email })
      assert.equal(third.status, 201, third.text)
      const resent = await open.call('POST', `/invitations/${made.body.id}/resend/`, { token: now })
      assert.equal(resent.status, 409, resent.text)
      const newer = await sentProof(open, 'invitation', email)
      // The older one is taken back, and the newer one works all the same.
      assert.equal((await open.call('DELETE', `/invitations/${made.body.id}/`, { token: now })).status, 204)
      assert.equal((await accept(open, { token: newer.token })).status, 201)
      open.clock.step(-weekMs - 1000)
    })

    it('works no more once it is revoked, which an accepted one cannot be', async () => {
      const { access: token } = await open.superuser()
      const made = await invite(open, token)
      const path = `/invitations/${made.body.id}/`
      const sent = await sentProof(open, 'invitation', made.body.email)
      for (let times = 0; times < 2; times++)
        assert.equal((await open.call('DELETE', path, { token })).status, 204)
      for (const proof of [{ token: sent.token }, { email: made.body.email, code: sent.code }]) {
        assert.equal((await read(open, proof)).status, 400)
        assert.equal((await accept(open, proof)).status, 400)
      }
      assert.equal((await open.call('POST', `${path}resend/`, { token })).status, 409)
      const events = await eventsOf(open, token, made.body.id)
      assert.deepEqual(
        events.map(({ action }: { action: string }) => action),
        ['invitation.create', 'invitation.revoke'],
      )
      const anew = await invite(open, token, { email: made.body.email })
      await accept(open, { token: (await sentProof(open, 'invitation', made.body.email)).token })
      assert.equal((await open.call('DELETE', `/invitations/${anew.body.id}/`, { token })).status, 409)
    })

    it('is refused for an address that has an account, and loses nothing when one appears meanwhile', async () => {
      const boss = await open.superuser()
      const taken = await invite(open, boss.access, { email: boss.email })
      assert.deepEqual([taken.status, Object.keys(taken.body.errors)], [409, ['email']])
      const email = address()
      const made = await invite(open, boss.access, { email })
      const { token } = await sentProof(open, 'invitation', email)
      const registered = await open.call('POST', '/register/', { body: { email, ...passwords } })
      assert.equal(registered.status, 201)
      assert.equal((await read(open, { token })).body.has_account, true)
      const refused = await accept(open, {
        token,
        password: 'another quiet lamp',
        password2: 'another quiet lamp',
      })
      assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [409, ['email']])
      assert.equal(
        (await open.call('POST', `/invitations/${made.body.id}/resend/`, { token: boss.access })).status,
        409,
      )
      await open.login({ email, password })
      // The proof is still there: had the account another address, it could be accepted.
      await open.call('PATCH', `/users/${registered.body.user.id}/`, {
        token: boss.access,
        body: { email: `moved-${email}` },
      })
      assert.equal((await accept(open, { token })).status, 201)
    })

    it('takes the passwords of registration alone, and names every fault at once', async () => {
      const { access } = await open.superuser()
      const email = address()
      await invite(open, access, { email, first_name: 'Bartholomew' })
      const { token } = await sentProof(open, 'invitation', email)
      for (const bad of ['short', 'password123', email, 'Bartholomew']) {
        const answer = await accept(open, { token, password: bad, password2: `${bad}x` })
        assert.equal(answer.status, 400, bad)
        assert.deepEqual(Object.keys(answer.body.errors).sort(), ['password', 'password2'], answer.text)
      }
      const answer = await accept(open, { token, first_name: 'x\u0007y', password2: 'no' })
      assert.deepEqual(Object.keys(answer.body.errors).sort(), ['first_name', 'password2'], answer.text)
      assert.equal((await accept(open, { token })).status, 201)
    })

    it('is answered the same for whatever does not work', async () => {
      const { access } = await open.superuser()
      const made = await invite(open, access)
      const { token } = await sentProof(open, 'invitation', made.body.email)
      await open.call('DELETE', `/invitations/${made.body.id}/`, { token: access })
      const account = await open.register()
      const other = await sentProof(open, 'email_verify', account.email)
      const [id, mac] = token.split('.')
      const useless = ['', 'x', token, `${token}x`, `9999999.${mac}`, `${id}.${'A'.repeat(43)}`, other.token]
      for (const path of ['read', 'accept']) {
        const answers = await Promise.all(
          useless.map(each =>
            open.call('POST', `/invitations/${path}/`, {
              body: { token: each, ...(path === 'accept' && passwords) },
            }),
          ),
        )
        const bodies = answers.map(({ status, body }) => JSON.stringify([status, body.errors]))
        assert.deepEqual([...new Set(bodies)].length, 1, bodies.join('\n'))
        assert.equal(answers[0]!.status, 400)
      }
    })

    it('has a code that six wrong ones make useless, and a link that goes on', async () => {
      const { access } = await open.superuser()
      const email = address()
      await invite(open, access, { email })
      const { token, code } = await sentProof(open, 'invitation', email)
      const wrong = String((Number(code) + 1) % 10 ** 8).padStart(8, '0')
      for (let times = 0; times < 6; times++)
        assert.equal((await read(open, { email, code: wrong })).status, 400)
      assert.equal((await accept(open, { email, code })).status, 400)
      assert.equal((await accept(open, { token })).status, 201)
    })
  })

  describe(`the list of invitations, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: unthrottled })

    it('shows each state, and finds an address', async () => {
      const { access: token } = await world.superuser()
      const [old, ...made] = [
        (await invite(world, token)).body,
        ...(await Promise.all([1, 2, 3].map(async () => (await invite(world, token)).body))),
      ]
      const [pending, accepted, revoked] = made
      await accept(world, { token: tokenOf(accepted.link) })
      await world.call('DELETE', `/invitations/${revoked.id}/`, { token })
      await world.call('DELETE', `/invitations/${old.id}/`, { token })
      const list = async (query: string) => {
        const answer = await world.call('GET', `/invitations/?${query}`, { token })
        assert.equal(answer.status, 200, answer.text)
        return answer.body.results.map(({ id }: { id: number }) => id)
      }
      assert.deepEqual(await list('state=pending'), [pending.id])
      assert.deepEqual(await list('state=accepted'), [accepted.id])
      assert.deepEqual(await list('state=revoked&ordering=id'), [old.id, revoked.id])
      assert.deepEqual(await list('state=expired'), [])
      assert.deepEqual(await list(`search=${pending.email.toUpperCase()}`), [pending.id])
      assert.equal((await list('')).length, 4)
      assert.equal((await world.call('GET', '/invitations/?state=lost', { token })).status, 400)
    })

    it('is cleared of an invitation 90 days after its time', async () => {
      const { access: token } = await world.superuser()
      const { id } = (await invite(world, token)).body
      const isThere = () => world.core.stores.invitations.findById(id)
      world.clock.advance(weekMs + 90 * 86_400_000 - 1000)
      await world.server.housekeeping.look()
      assert.ok(await isThere())
      world.clock.advance(2000)
      await world.server.housekeeping.look()
      assert.equal(await isThere(), undefined)
    })
  })
}
