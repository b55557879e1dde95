import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, login, register, type SignedIn } from './support/api.ts'
import { workplace } from './support/propusk.ts'

const refreshed = async (url: string, refresh: string): Promise<{ access: string; refresh: string }> => {
  const answer = await call(url, 'POST', '/token/refresh/', { body: { refresh } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

describe('a server that is killed at work', () => {
  it('has kept everything that it acknowledged, and nothing that was spent works again', async () => {
    const place = workplace()
    const server = await place.start()
    const registered: SignedIn[] = []
    const client = async (name: string) => {
      for (let round = 0; ; round++)
        registered.push(await register(server.url, `${name}-${round}@example.org`))
    }
    const clients = ['a', 'b', 'c', 'd'].map(client)
    const owner = await register(server.url, 'owner@example.org')
    const second = await refreshed(server.url, owner.refresh)
    const third = await refreshed(server.url, second.refresh)
    const leaver = await register(server.url, 'leaver@example.org')
    assert.equal((await call(server.url, 'POST', '/logout/', { token: leaver.access })).status, 204)
    while (registered.length < 8) await sleep(10)
    const acknowledged = registered.slice()
    server.kill('SIGKILL')
    assert.ok((await Promise.allSettled(clients)).every(({ status }) => status === 'rejected'))
    assert.equal((await server.ended()).signal, 'SIGKILL')

    const again = await place.start()
    for (const { user, access } of acknowledged) {
      assert.equal((await call(again.url, 'GET', '/me/', { token: access })).status, 200, user.email)
    }
    await login(again.url, acknowledged.at(-1)!.user.email)
    assert.equal((await call(again.url, 'GET', '/me/', { token: leaver.access })).status, 401)
    const revived = await call(again.url, 'POST', '/token/refresh/', { body: { refresh: leaver.refresh } })
    assert.deepEqual([revived.status, revived.body.code], [401, 'invalid_refresh_token'])

    const fourth = await refreshed(again.url, third.refresh)
    const replayed = await call(again.url, 'POST', '/token/refresh/', { body: { refresh: owner.refresh } })
    assert.deepEqual([replayed.status, replayed.body.code], [401, 'invalid_refresh_token'])
    // A replay ends the session, so the good line of tokens is over too.
    assert.equal((await call(again.url, 'GET', '/me/', { token: fourth.access })).status, 401)
    assert.equal((await again.stop()).code, 0)
    assert.equal((await place.run('doctor')).code, 0)
  })
})
