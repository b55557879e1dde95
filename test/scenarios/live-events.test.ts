import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { twoNodes } from '../races/two-nodes.ts'
import { engines } from '../support/engines.ts'
import { followEvents } from '../support/follow-events.ts'
import { type Account, goodPassword, testWorld, type World } from '../support/world.ts'

const listen = ({ server }: World) => server.app.listen({ host: '127.0.0.1', port: 0 })

const sessionOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sid

for (const engine of engines) {
  describe(`GET /events/ on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const address = await listen(world)
    const administrator = await world.superuser()
    const change = (account: Account, body: object) =>
      world.call('PATCH', `/users/${account.id}/`, { token: administrator.access, body })

    it('the stream begins with the session, and its headers forbid caching', async () => {
      const { access } = await world.register()
      const following = await followEvents(address, access)
      assert.deepEqual(following.received, [{ name: 'hello', data: { session: sessionOf(access) } }])
      following.leave()
      const { status, headers } = await world.call('GET', '/events/', { token: access })
      assert.equal(status, 200)
      assert.deepEqual(
        [headers['content-type'], headers['cache-control'], headers['x-accel-buffering']],
        ['text/event-stream', 'no-store', 'no'],
      )
    })

    const endings: readonly [string, string, (account: Account) => Promise<{ status: number }>][] = [
      ['logout', 'a sign-out', ({ access }) => world.call('POST', '/logout/', { token: access })],
      [
        'revoked',
        'its refresh token',
        ({ refresh }) => world.call('POST', '/token/revoke/', { body: { refresh } }),
      ],
      [
        'revoked_all',
        'a sign-out everywhere',
        ({ access }) => world.call('POST', '/token/revoke_all/', { token: access }),
      ],
      ['deactivated', 'its owner', ({ access }) => world.call('DELETE', '/me/', { token: access })],
      ['deactivated', 'an administrator', account => change(account, { is_active: false })],
      [
        'password_change',
        'another session of it',
        async account => {
          const { access } = await world.login(account)
          const password = 'a newer staple, a newer battery'
          const body = { current_password: goodPassword, password, password2: password }
          return world.call('POST', '/me/password/', { token: access, body })
        },
      ],
    ]
    for (const [reason, by, end] of endings) {
      it(`ends with the reason when its session is over: ${reason}, by ${by}`, async () => {
        const account = await world.register()
        const following = await followEvents(address, account.access)
        assert.ok((await end(account)).status < 300)
        assert.deepEqual((await following.next('signed_out')).data, { reason })
        await following.ended
        assert.deepEqual(following.names, ['hello', 'signed_out'])
      })
    }

    it('goes on when another session of the account ends', async () => {
      const phone = await world.register()
      const laptop = await world.login(phone)
      const [one, other] = [
        await followEvents(address, phone.access),
        await followEvents(address, laptop.access),
      ]
      await world.call('POST', '/logout/', { token: phone.access })
      await one.ended
      await world.call('POST', '/logout/', { token: laptop.access })
      await other.ended
      assert.deepEqual(other.names, ['hello', 'signed_out'])
    })

    it('says that rights have changed once for each change, and not for the changes of others', async () => {
      const account = await world.withPermissions('roles:read')
      const stranger = await followEvents(address, (await world.register()).access)
      const following = await followEvents(address, account.access)
      const role = (await world.call('GET', '/me/', { token: account.access })).body.roles[0]
      const { id } = (await world.call('GET', `/roles/?search=${role}`, { token: administrator.access })).body
        .results[0]
      const permit = (...permissions: string[]) =>
        world.call('PATCH', `/roles/${id}/`, { token: administrator.access, body: { permissions } })
      assert.equal((await permit('roles:read', 'users:read')).status, 200)
      await following.next('rights_changed')
      assert.equal((await change(account, { roles: [] })).status, 200)
      await following.next('rights_changed')
      assert.equal((await change(account, { is_superuser: true })).status, 200)
      await following.next('rights_changed')
      // The follower reads the same rows of the ledger again and again: they are no news.
      await setTimeout(700)
      assert.deepEqual(following.names, ['hello', ...Array(3).fill('rights_changed')])
      assert.deepEqual(stranger.names, ['hello'])
      following.leave()
      stranger.leave()
    })

    it('the stream sends every event of the audit once, as the list shows it', async () => {
      const reader = await world.withPermissions('audit:read')
      const following = await followEvents(address, reader.access)
      const others = [await world.register(), await world.register()]
      while ((await following.next('audit')).data.target !== `users/${others[1]!.id}`);
      const audited = following.received.filter(({ name }) => name === 'audit').map(({ data }) => data)
      assert.ok(audited.length >= 2)
      const list = await world.call('GET', `/audit/?limit=${audited.length}&ordering=-id`, {
        token: reader.access,
      })
      assert.deepEqual(audited, list.body.results.toReversed())
      following.leave()
    })

    it('the stream sends audit events only while its caller may read the audit', async () => {
      const weak = await followEvents(address, (await world.register()).access)
      const reader = await world.withPermissions('audit:read')
      const watcher = await followEvents(address, administrator.access)
      const following = await followEvents(address, reader.access)
      await world.register()
      await following.next('audit')
      assert.equal((await change(reader, { roles: [] })).status, 200)
      const { id } = await world.register()
      // Whoever may read it has received it by now.
      while ((await watcher.next('audit')).data.target !== `users/${id}`);
      assert.deepEqual(following.names.slice(-1), ['rights_changed'])
      const targets = following.received.map(({ data }) => data.target)
      assert.ok(!targets.includes(`users/${id}`))
      assert.deepEqual(weak.names, ['hello'])
      for (const each of [weak, watcher, following]) each.leave()
    })

    it('the stream begins to send audit events when its caller gets the permission', async () => {
      const account = await world.register()
      const following = await followEvents(address, account.access)
      assert.equal((await change(account, { is_superuser: true })).status, 200)
      await following.next('rights_changed')
      const { id } = await world.register()
      while ((await following.next('audit')).data.target !== `users/${id}`);
      following.leave()
    })

    it('does not suffer from a client that never reads', async () => {
      const reader = await world.withPermissions('audit:read')
      const { hostname, port } = new URL(address)
      const quiet = connect(Number(port), hostname)
      quiet.pause()
      quiet.write(
        `GET /api/auth/events/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${reader.access}\r\n\r\n`,
      )
      const following = await followEvents(address, reader.access)
      const write = (targets: readonly string[]) =>
        world.core.transaction(({ audit }) =>
          audit.appendAll(
            targets.map(target => ({
              actorId: null,
              action: 'role.create',
              target,
              origin: null,
              details: { padding: 'x'.repeat(20_000) },
            })),
            world.clock.nowMs(),
          ),
        )
      // Far more than the buffers of a connection hold, and no more at once than a client that reads can take.
      for (let round = 0; round < 15; round++) {
        await write(Array.from({ length: 100 }, (_, index) => `padding/${round}/${index}`))
        while ((await following.next('audit')).data.target !== `padding/${round}/99`);
      }
      assert.ok(!following.names.includes('gap'))
      let text = ''
      quiet.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      quiet.resume()
      while (!text.includes('padding/14/99')) await setTimeout(20)
      assert.match(text, /event: gap\ndata: \{"missed":true\}\n\n/)
      quiet.destroy()
      following.leave()
    })
  })
}

describe('GET /events/ and its bounds', async () => {
  const world = await testWorld({ env: { PROPUSK_ACCESS_TTL: '10m' } })
  const address = await listen(world)

  it('is open 20 times for one account at the most, and makes room when a client goes away', async () => {
    const { access } = await world.register()
    const all = await Promise.all(Array.from({ length: 20 }, () => followEvents(address, access)))
    const refused = await world.call('GET', '/events/', { token: access })
    assert.deepEqual([refused.status, refused.body.code], [429, 'too_many_requests'])
    assert.equal(refused.headers['retry-after'], '15')
    const other = await followEvents(address, (await world.register()).access)
    all[0]!.leave()
    while ((await world.call('GET', '/events/', { token: access })).status === 429) await setTimeout(10)
    for (const each of [...all, other]) each.leave()
  })

  it('ends when the access token runs out, not when the session does', async () => {
    const account = await world.register()
    const following = await followEvents(address, account.access)
    world.clock.advance(601_000)
    await following.next('expired')
    await following.ended
    const { body } = await world.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
    const again = await followEvents(address, body.access)
    again.leave()
  })

  it('is not there for a token that is no access token, nor without one', async () => {
    const account = await world.register()
    for (const [token, code] of [
      [undefined, 'not_authenticated'],
      [account.refresh, 'invalid_token'],
    ] as const) {
      const answer = await world.call('GET', '/events/', { token })
      assert.deepEqual([answer.status, answer.body.code], [401, code])
    }
  })

  it('answers HEAD, and keeps nothing for it', async () => {
    const { access } = await world.register()
    for (let times = 0; times < 25; times++) {
      assert.equal((await world.call('HEAD', '/events/', { token: access })).status, 200)
    }
  })
})

describe('GET /events/ of a server that closes', () => {
  it('ends properly and at once', async () => {
    const world = await testWorld()
    const following = await followEvents(await listen(world), (await world.superuser()).access)
    const before = performance.now()
    await Promise.all([world.close(), following.ended])
    assert.ok(performance.now() - before < 5_000)
    assert.deepEqual(following.names, ['hello'])
  })
})

describe('GET /events/ on one of two nodes', async () => {
  const [one, two] = await twoNodes('postgres')
  const addressOfTwo = await listen(two)
  const administrator = await one.superuser()

  it('the stream on one node ends when the account is closed on the other', async () => {
    const account = await one.register()
    const following = await followEvents(addressOfTwo, account.access)
    const body = { is_active: false }
    await one.call('PATCH', `/users/${account.id}/`, { token: administrator.access, body })
    assert.deepEqual((await following.next('signed_out')).data, { reason: 'deactivated' })
    await following.ended
    assert.equal((await two.call('GET', '/me/', { token: account.access })).status, 401)
  })

  it('the stream on one node sends changes of rights and audit events of the other, none twice', async () => {
    const reader = await one.withPermissions('audit:read')
    const following = await followEvents(addressOfTwo, reader.access)
    const ids = new Set<number>()
    for (let times = 0; times < 5; times++) ids.add((await one.register()).id)
    for (let times = 0; times < 5; times++) {
      assert.ok(ids.delete(Number((await following.next('audit')).data.target.slice('users/'.length))))
    }
    await one.call('PATCH', `/users/${reader.id}/`, {
      token: administrator.access,
      body: { roles: [] },
    })
    await following.next('rights_changed')
    const { id } = await one.register()
    await setTimeout(1_200)
    assert.ok(!following.received.some(({ data }) => data.target === `users/${id}`))
    following.leave()
  })
})
