import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { twoNodes } from './two-nodes.ts'

for (const engine of engines) {
  describe(`a refresh that is sent again on two nodes, on ${engine}`, async () => {
    const nodes = await twoNodes(engine)
    const refreshOn = (index: number, refresh: string, key: string) =>
      nodes[index % 2]!.call('POST', '/token/refresh/', {
        body: { refresh },
        headers: { 'idempotency-key': key },
      })
    const returns = (refresh: string, keyOf: (index: number) => string) =>
      Promise.all(Array.from({ length: 20 }, (_, index) => refreshOn(index, refresh, keyOf(index))))

    it('gives one next token to twenty late returns with its key', async () => {
      const person = await nodes[0].register()
      const lost = await refreshOn(0, person.refresh, 'the key of the first')
      nodes[0].clock.advance(3_600_000)
      const answers = await returns(person.refresh, () => 'the key of the first')
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.deepEqual(new Set(answers.map(({ body }) => body.refresh)), new Set([lost.body.refresh]))
      assert.equal((await refreshOn(1, lost.body.refresh, 'the key of the second')).status, 200)
    })

    it('keeps the key of the first of twenty uses with twenty keys, and no other', async () => {
      const person = await nodes[0].register()
      const keyOf = (index: number) => `the key of number ${index}`
      const answers = await returns(person.refresh, keyOf)
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(new Set(answers.map(({ body }) => body.refresh)).size, 1)
      nodes[0].clock.advance(10_001)
      const rows = await nodes[0].core.database.read
        .selectFrom('refresh_tokens')
        .select('retry_key_hash')
        .where('user_id', '=', person.id)
        .where('retry_key_hash', 'is not', null)
        .execute()
      assert.equal(rows.length, 1)
      const late = await returns(person.refresh, () => 'the key of no one')
      assert.deepEqual(new Set(late.map(({ status }) => status)), new Set([401]))
    })

    it('ends the session at most once when a thief comes late without the key, among returns with it', async () => {
      const person = await nodes[0].register()
      await refreshOn(0, person.refresh, 'the key of the owner')
      nodes[0].clock.advance(3_600_000)
      const answers = await returns(person.refresh, index =>
        index === 10 ? 'the key of a thief' : 'the key of the owner',
      )
      assert.equal(answers[10]!.status, 401)
      assert.equal((await refreshOn(1, person.refresh, 'the key of the owner')).status, 401)
      const events = nodes[0].core.database.read.selectFrom('audit_events').select('id')
      const reuses = await events.where('action', '=', 'token.reuse').execute()
      assert.equal(reuses.length, 2, 'this one, and that of the test before')
    })
  })
}
