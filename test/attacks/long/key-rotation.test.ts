import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { publishAheadMs } from '../../../server/src/keys/index.ts'
import { twoNodes } from '../../races/two-nodes.ts'
import { engines } from '../../support/engines.ts'
import { eventually } from '../../support/eventually.ts'
import type { World } from '../../support/world.ts'

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid

const me = async ({ call }: World, token: string) => (await call('GET', '/me/', { token })).status

const publishedKids = async ({ call }: World): Promise<string[]> =>
  (await call('GET', '/.well-known/jwks.json')).body.keys.map((key: { kid: string }) => key.kid)

for (const engine of engines) {
  describe(`a signing key that is replaced, on ${engine}`, async () => {
    const [one, two] = await twoNodes(engine)
    const { clock } = one
    const hour = 3_600_000

    it('replacing a key signs no user out on any node, and the next key signs only once every cache has it', async () => {
      const before = await one.register()
      const fresh = await one.server.keys.publishNext()
      assert.ok(await eventually(async () => (await publishedKids(two)).includes(fresh.kid)))
      for (let passedMs = 0; passedMs < publishAheadMs - 20_000; passedMs += 10_000) {
        clock.advance(10_000)
        for (const node of [one, two]) {
          await node.server.keys.rotateIfDue()
          assert.equal(kidOf((await node.login(before)).access), kidOf(before.access))
        }
      }
      const soon = await one.login(before)
      clock.advance(21_000)
      await one.server.keys.rotateIfDue()
      const later = await one.login(before)
      assert.equal(kidOf(later.access), fresh.kid)
      assert.ok(await eventually(async () => kidOf((await two.login(before)).access) === fresh.kid))
      for (const node of [one, two]) {
        for (const { access } of [before, soon, later]) assert.equal(await me(node, access), 200)
      }
    })

    it('a key is replaced by exactly one other when every node rotates at the same instant', async () => {
      const account = await one.register()
      const rotations = [one, two, one].map(({ server }) => server.keys.signAtOnce())
      const during = await two.login(account)
      assert.equal(kidOf(during.access), kidOf(account.access))
      const kids = new Set((await Promise.all(rotations)).map(({ kid }): string => kid))
      assert.equal(kids.size, 1)
      assert.ok(await eventually(async () => kids.has(kidOf((await two.login(account)).access))))
      const after = await two.login(account)
      for (const { access } of [during, after]) assert.equal(await me(one, access), 200)
    })

    it('is taken until the last refresh token that it signed has expired, and no longer', async () => {
      const account = await one.register()
      await two.server.keys.signAtOnce()
      clock.advance(24 * hour - 60_000)
      const { status, body } = await two.call('POST', '/token/refresh/', {
        body: { refresh: account.refresh },
      })
      assert.equal(status, 200)
      assert.equal(await me(one, body.access), 200)
      assert.ok((await publishedKids(one)).includes(kidOf(account.access)))
      clock.advance(4 * 60_000)
      for (const node of [one, two]) {
        assert.ok(!(await publishedKids(node)).includes(kidOf(account.access)))
      }
    })

    it('is replaced once when every node finds it too old at the same time, and destroyed when of no use', async () => {
      clock.advance(91 * 24 * hour)
      const { keys } = one.core.stores
      const [current] = (await keys.list()).filter(key => key.retiredAtMs === null)
      for (const passedMs of [0, publishAheadMs]) {
        clock.advance(passedMs)
        await Promise.all([one, two, one, two].map(({ server }) => server.keys.rotateIfDue()))
      }
      const [old, next, ...others] = await keys.list()
      assert.equal(old?.kid, current?.kid)
      assert.equal(old?.retiredAtMs === null, false)
      assert.equal(next?.retiredAtMs, null)
      assert.deepEqual(others, [])
    })
  })
}
