import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { heard, twoNodes } from '../races/two-nodes.ts'
import { engines } from '../support/engines.ts'
import type { World } from '../support/world.ts'

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

    it('signs nobody out, on no node, and is used by none before all know it', async () => {
      const before = await one.register()
      const fresh = await one.server.keys.rotate()
      const soon = await one.login(before)
      assert.equal(kidOf(soon.access), kidOf(before.access))
      assert.ok(await heard(async () => (await publishedKids(two)).includes(fresh.kid)))
      clock.advance(3_000)
      const later = await one.login(before)
      assert.equal(kidOf(later.access), fresh.kid)
      for (const node of [one, two]) {
        for (const { access } of [before, soon, later]) assert.equal(await me(node, access), 200)
      }
    })

    it('goes on signing while others come and go within the same second', async () => {
      const account = await one.register()
      const kids: string[] = []
      for (const node of [one, two, one]) kids.push((await node.server.keys.rotate()).kid)
      const during = await two.login(account)
      assert.ok(!kids.includes(kidOf(during.access)))
      const knowsAll = async () => (await publishedKids(two)).filter(kid => kids.includes(kid)).length === 3
      assert.ok(await heard(knowsAll))
      clock.advance(3_000)
      const after = await two.login(account)
      assert.ok(kids.includes(kidOf(after.access)))
      for (const { access } of [during, after]) assert.equal(await me(one, access), 200)
    })

    it('is taken until the last refresh token that it signed has expired, and no longer', async () => {
      const account = await one.register()
      await two.server.keys.rotate()
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
      await Promise.all([one, two, one, two].map(({ server }) => server.keys.rotateIfDue()))
      const [old, successor, ...others] = await keys.list()
      assert.equal(old?.kid, current?.kid)
      assert.equal(old?.retiredAtMs === null, false)
      assert.equal(successor?.retiredAtMs, null)
      assert.deepEqual(others, [])
    })
  })
}
