import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { engines } from '../../../test/support/engines.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'
import type { UserId } from '../kernel/index.ts'
import { ownEventQueries } from './own-events.sql.ts'

interface Event {
  readonly id: number
  readonly action: string
  readonly outcome: string
  readonly by: string
  readonly ip_address: string | null
  readonly user_agent: string | null
}

interface Page {
  readonly next: string | null
  readonly results: Event[]
}

for (const engine of engines) {
  describe(`GET /me/events/ on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const root = await world.superuser()
    const read = async (token: string, path = '/me/events/?limit=200'): Promise<Page> => {
      const { status, body, text } = await world.call('GET', path, { token })
      assert.equal(status, 200, text)
      return body
    }
    const actions = async (token: string) => (await read(token)).results.map(({ action }) => action)
    const refuse = (email: string) =>
      world.call('POST', '/login/', { body: { email, password: `${goodPassword}?` } })

    it('gives what the owner did, newest first, with device and network', async () => {
      const anna = await world.login(await world.register())
      await world.call('PATCH', '/me/', { token: anna.access, body: { first_name: 'Анна' } })
      const { results } = await read(anna.access)
      assert.deepEqual(
        results.map(({ action, by }) => [action, by]),
        [
          ['user.update', 'self'],
          ['user.login', 'self'],
          ['user.register', 'self'],
        ],
      )
      const { id, ...shown } = results[0]!
      assert.equal(typeof id, 'number')
      assert.deepEqual(Object.keys(shown), ['at', 'action', 'outcome', 'by', 'ip_address', 'user_agent'])
      assert.deepEqual([shown.ip_address, shown.user_agent], ['127.0.0.1', 'lightMyRequest'])
    })

    it('gives refused sign-ins at the account, with where they came from', async () => {
      const anna = await world.register()
      assert.equal((await refuse(anna.email)).status, 401)
      const [newest] = (await read(anna.access)).results
      assert.deepEqual(
        [newest?.action, newest?.outcome, newest?.by, newest?.ip_address],
        ['user.login_failed', 'failure', 'unknown', '127.0.0.1'],
      )
    })

    it('tells of an administrator only that it was one', async () => {
      const anna = await world.register()
      const path = `/users/${anna.id}/`
      const body = { last_name: 'Ivanova' }
      assert.equal((await world.call('PATCH', path, { token: root.access, body })).status, 200)
      const page = await world.call('GET', '/me/events/', { token: anna.access })
      const [newest] = page.body.results as Event[]
      const { action, by, ip_address, user_agent } = newest!
      assert.deepEqual([action, by, ip_address, user_agent], ['user.update', 'administrator', null, null])
      assert.ok(!page.text.includes(root.email))
    })

    it('calls the server the doer of what came from no request', async () => {
      const anna = await world.register()
      await world.core.transaction(({ audit }) =>
        audit.append(
          { actorId: null, action: 'user.password_change', target: `users/${anna.id}`, origin: null },
          world.clock.nowMs(),
        ),
      )
      const [newest] = (await read(anna.access)).results
      assert.deepEqual([newest?.action, newest?.by], ['user.password_change', 'server'])
    })

    it('holds nothing of another account, also for who administers it', async () => {
      const boris = await world.register()
      const staff = await world.superuser()
      const before = await actions(staff.access)
      const token = staff.access
      await world.call('PATCH', `/users/${boris.id}/`, { token, body: { last_name: 'Petrov' } })
      const { body } = await world.call('GET', `/sessions/?user_id=${boris.id}`, { token })
      const ended = await world.call('DELETE', `/sessions/${body.results[0].id}/`, { token })
      assert.equal(ended.status, 204, ended.text)
      await refuse(boris.email)
      await world.call('POST', '/roles/', { token, body: { name: 'Clerk', code_name: `clerk-${engine}` } })
      assert.deepEqual(await actions(staff.access), before)
    })

    it('gives the end of an own session, which has another target', async () => {
      const first = await world.register()
      const second = await world.login(first)
      assert.equal((await world.call('POST', '/logout/', { token: first.access })).status, 204)
      assert.equal((await actions(second.access))[0], 'session.logout')
    })

    it('gives the end of a session by an administrator, and of them only that it was one', async () => {
      const anna = await world.register()
      const end = async () => {
        const other = await world.login(anna)
        const { body } = await world.call('GET', `/sessions/?user_id=${anna.id}&ordering=-id`, {
          token: root.access,
        })
        const { id } = body.results[0]
        const ended = await world.call('DELETE', `/sessions/${id}/`, { token: root.access })
        assert.equal(ended.status, 204, ended.text)
        assert.equal((await world.call('GET', '/me/', { token: other.access })).status, 401)
      }
      await end()
      const [newest] = (await read(anna.access)).results
      assert.deepEqual(
        [newest?.action, newest?.by, newest?.ip_address, newest?.user_agent],
        ['session.end', 'administrator', null, null],
      )
      // Who ended it did nothing to themselves.
      assert.equal(JSON.stringify(await read(root.access)).includes('session.end'), false)
    })

    it('gives the end of a session whose token was used twice', async () => {
      const anna = await world.register()
      const other = await world.login(anna)
      const refresh = () => world.call('POST', '/token/refresh/', { body: { refresh: other.refresh } })
      assert.equal((await refresh()).status, 200)
      world.clock.advance(60_000)
      assert.equal((await refresh()).status, 401)
      assert.ok((await actions(anna.access)).includes('token.reuse'))
    })

    it('pages without a gap', async () => {
      let anna = await world.register()
      for (let count = 0; count < 4; count++) {
        const next = await world.login(anna)
        await world.call('POST', '/logout/', { token: anna.access })
        await refuse(anna.email)
        anna = next
      }
      const all = (await read(anna.access)).results.map(({ id }) => id)
      assert.equal(all.length, 13)
      const seen: number[] = []
      for (let path: string | null = '/api/auth/me/events/?limit=2'; path !== null; ) {
        const page: Page = await read(anna.access, path)
        seen.push(...page.results.map(({ id }) => id))
        path = page.next
      }
      assert.deepEqual(seen, all)
    })

    it('needs a session, and an API key is none', async () => {
      assert.equal((await world.call('GET', '/me/events/')).status, 401)
      const made = await world.call('POST', '/api_keys/', {
        token: (await world.login(root)).access,
        body: { name: `reader ${engine}`, permissions: ['audit:read'] },
      })
      assert.equal(made.status, 201, made.text)
      const answer = await world.call('GET', '/me/events/', { token: made.body.key })
      assert.ok([401, 403].includes(answer.status), answer.text)
    })
  })
}

describe('GET /me/events/, as its queries are planned', async () => {
  const world = await testWorld({ engine: 'sqlite' })

  it('reads each kind in the order of an index, and sorts nothing', async () => {
    const plans = ownEventQueries(world.core.database.read, 1 as UserId).map(async query => {
      const steps = await query
        .orderBy('e.at', 'desc')
        .orderBy('e.id', 'desc')
        .limit(51)
        .explain<{ detail: string }>(undefined, sql`query plan`)
      return steps.map(({ detail }) => detail).join('; ')
    })
    const [target = '', actor = '', sessions = ''] = await Promise.all(plans)
    assert.match(target, /USING INDEX audit_events__target__at__index/)
    assert.match(actor, /USING INDEX audit_events__actor__at__index/)
    assert.match(sessions, /USING INDEX audit_events__session_owner__at__index/)
    assert.doesNotMatch(target + actor + sessions, /TEMP B-TREE/)
  })
})
