import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, kidOf, login, register } from './support/api.ts'
import { workplace } from './support/propusk.ts'

interface KeySet {
  readonly keys: readonly { readonly kid: string; readonly d?: string }[]
}

const publishedKids = async (url: string): Promise<string[]> => {
  const { body } = await call(url, 'GET', '//.well-known/jwks.json')
  assert.ok((body as KeySet).keys.every(key => key.d === undefined))
  return (body as KeySet).keys.map(key => key.kid)
}

describe('keys rotate, beside a running server', () => {
  it('propusk keys rotate refuses no request: old tokens go on, and new ones are signed by the new key', async () => {
    const place = workplace()
    const server = await place.start()
    const first = await register(server.url, 'ann@example.org')
    const [oldKid] = await publishedKids(server.url)
    assert.equal(kidOf(first.access), oldKid)

    const state = { latest: first as { access: string; refresh: string }, isOver: false, rounds: 0 }
    /** A busy person: asks with the first token and with the latest, and rotates the refresh token on the way. */
    const person = async () => {
      while (!state.isOver) {
        for (const token of [first.access, state.latest.access]) {
          assert.equal((await call(server.url, 'GET', '/me/', { token })).status, 200)
        }
        const answer = await call(server.url, 'POST', '/token/refresh/', {
          body: { refresh: state.latest.refresh },
        })
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        state.latest = answer.body
        state.rounds += 1
        await sleep(20)
      }
    }
    const busy = person()
    const rotation = await place.run('keys rotate --now')
    assert.deepEqual([rotation.code, rotation.err], [0, ''])
    const newKid = /^the ES256 key (\S+) signs now\./.exec(rotation.out)?.[1]
    assert.ok(newKid)
    await Promise.race([busy, signedBy(newKid, () => state.latest)])
    state.isOver = true
    await busy

    assert.ok(state.rounds > 0)
    assert.equal(kidOf(state.latest.refresh), newKid)
    assert.equal(kidOf((await login(server.url, 'ann@example.org')).access), newKid)
    assert.deepEqual(new Set(await publishedKids(server.url)), new Set([oldKid, newKid]))
    assert.equal((await call(server.url, 'GET', '/me/', { token: first.access })).status, 200)

    assert.equal((await server.stop()).code, 0)
    const restarted = await place.start()
    assert.equal((await call(restarted.url, 'GET', '/me/', { token: first.access })).status, 200)
    assert.equal((await place.run('doctor')).code, 0)
  })
})

async function signedBy(kid: string, latest: () => { access: string }): Promise<void> {
  while (kidOf(latest().access) !== kid) await sleep(50)
}

describe('without the master key that sealed the signing keys', () => {
  const losses: [string, (keyFile: string) => void][] = [
    ['lost', keyFile => renameSync(keyFile, `${keyFile}.lost`)],
    ['replaced', keyFile => writeFileSync(keyFile, `${Buffer.alloc(32, 1).toString('base64url')}\n`)],
  ]
  for (const [what, lose] of losses) {
    it(`nothing starts, nothing is made and nothing changes when it is ${what}`, async () => {
      const place = workplace()
      const server = await place.start()
      await register(server.url, 'ann@example.org')
      assert.equal((await server.stop()).code, 0)
      const keyFile = join(place.directory, 'data/propusk.db.key')
      const kept = readFileSync(keyFile)
      lose(keyFile)

      for (const command of ['serve', 'keys rotate']) {
        const { code, out, err } = await place.run(command, '', { PROPUSK_PORT: '0' })
        assert.deepEqual([code, out], [1, ''], command)
        assert.match(err, /^propusk: .*(master key).*\n$/, command)
      }
      const examined = await place.run('doctor')
      assert.equal(examined.code, 1)
      assert.match(examined.out, /^WRONG {2}.*key/m)

      // Whoever restores the key finds everything as it was.
      writeFileSync(keyFile, kept)
      const restored = await place.start()
      await login(restored.url, 'ann@example.org')
      assert.equal((await publishedKids(restored.url)).length, 1)
    })
  }
})
