import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import type { Account } from '../support/world.ts'
import { twoNodes } from './two-nodes.ts'

for (const engine of engines) {
  describe(`refreshing on two nodes at once, on ${engine}`, async () => {
    const [one, two] = await twoNodes(engine)

    it('gives one next token to sixteen uses of one token', async () => {
      const person = await one.register()
      const body = { refresh: person.refresh }
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          (index % 2 === 0 ? one : two).call('POST', '/token/refresh/', { body }),
        ),
      )
      const given = answers.filter(({ status }) => status === 200).map(answer => answer.body.refresh)
      assert.equal(given.length, 16, 'a lost answer or a second tab logs nobody out')
      assert.equal(new Set(given).size, 1)

      const rows = await one.core.database.read
        .selectFrom('refresh_tokens')
        .select(['jti', 'spent_at'])
        .where('user_id', '=', person.id)
        .execute()
      assert.deepEqual(rows.map(row => row.spent_at !== null).sort(), [false, true])
      for (const { body } of answers) {
        assert.equal((await two.call('GET', '/me/', { token: body.access })).status, 200)
      }
    })

    it('leaves nothing alive of a session that is revoked meanwhile', async () => {
      const person = await one.register()
      const body = { refresh: person.refresh }
      const [revoked, ...answers] = await Promise.all([
        two.call('POST', '/token/revoke/', { body }),
        ...Array.from({ length: 8 }, () => one.call('POST', '/token/refresh/', { body })),
      ])
      assert.equal(revoked.status, 204)
      for (const { status, body } of answers) {
        assert.ok(status === 200 || status === 401, String(status))
        if (status !== 200) continue
        assert.equal((await two.call('GET', '/me/', { token: body.access })).status, 401)
        const again = await two.call('POST', '/token/refresh/', { body: { refresh: body.refresh } })
        assert.equal(again.status, 401)
      }
    })
  })

  describe(`signing in while another node deactivates the account, on ${engine}`, async () => {
    const nodes = await twoNodes(engine)
    const [world, other] = nodes
    const administrator = await world.superuser()

    /** Signs in many times while `ending` goes on, and gives every pair of tokens that came of it. */
    const signInDuring = async (
      person: Account,
      ending: () => Promise<{ status: number }>,
      expected: number,
    ) => {
      const { email, password } = person
      const login = () => world.call('POST', '/login/', { body: { email, password } })
      const refresh = () => world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      const [ended, ...answers] = await Promise.all([
        ending(),
        ...Array.from({ length: 24 }, (_, index) => (index % 3 === 0 ? refresh() : login())),
      ])
      assert.equal(ended.status, expected)
      for (const { status } of answers) assert.ok(status === 200 || status === 401, String(status))
      return [person, ...answers.filter(({ status }) => status === 200).map(({ body }) => body)]
    }

    const assertDead = async (pairs: readonly { access: string; refresh: string }[]) => {
      for (const { access, refresh } of pairs) {
        for (const node of nodes) {
          const isRefused = async () => (await node.call('GET', '/me/', { token: access })).status === 401
          assert.ok(await eventually(isRefused))
        }
        const renewal = await world.call('POST', '/token/refresh/', { body: { refresh } })
        assert.equal(renewal.status, 401)
      }
    }
    const livingSessions = async (id: number) => {
      const { read } = world.core.database
      const sessions = read.selectFrom('sessions').select('id').where('user_id', '=', id)
      return (await sessions.where('is_active', '=', true).execute()).length
    }

    it('leaves no token that works', async () => {
      const person = await world.register()
      const deactivate = () =>
        other.call('PATCH', `/users/${person.id}/`, {
          token: administrator.access,
          body: { is_active: false },
        })
      await assertDead(await signInDuring(person, deactivate, 200))
      assert.equal(await livingSessions(person.id), 0)
    })

    it('leaves no token that works when the owner closes it', async () => {
      const person = await world.register()
      const close = () => other.call('DELETE', '/me/', { token: person.access })
      await assertDead(await signInDuring(person, close, 204))
      assert.equal(await livingSessions(person.id), 0)
    })

    it('leaves no session of the old password when the password changes', async () => {
      const person = await world.register()
      const password = 'another horse, another battery'
      const change = () =>
        other.call('POST', '/me/password/', {
          token: person.access,
          body: { current_password: person.password, password, password2: password },
        })
      const [own, ...pairs] = await signInDuring(person, change, 204)
      const sid = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sid
      await assertDead(pairs.filter(pair => sid(pair.access) !== sid(own!.access)))
      assert.equal((await world.call('GET', '/me/', { token: own!.access })).status, 200)
      assert.equal(await livingSessions(person.id), 1)
    })
  })
}
