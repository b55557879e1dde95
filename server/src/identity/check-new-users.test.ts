import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`the check of accounts before they are opened, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { access: token } = await world.superuser()
    const check = (users: readonly unknown[], as = token, headers = {}) =>
      world.call('POST', '/users/check/', { token: as, body: { users }, headers })
    const count = async () => (await world.call('GET', '/users/?count=true', { token })).body.count.rows
    const role = { name: 'Checker', code_name: 'checker', permissions: ['roles:all'] }
    await world.call('POST', '/roles/', { token, body: role })

    it('names the faults of each row, in its order, and writes nothing', async () => {
      const { email: taken } = await world.register()
      const before = await count()
      const events = (await world.call('GET', '/audit/?limit=1', { token })).body.results[0].id
      const { status, body } = await check([
        { email: 'new@check.example', first_name: 'Нина', roles: ['checker'], note: 'Two\nlines' },
        { email: 'no address' },
        { email: taken.toUpperCase() },
        { email: 'new@check.example' },
        { email: 'other@check.example', roles: ['nobody-has-it'] },
        { email: 'long@check.example', last_name: 'x'.repeat(151), note: 'y'.repeat(2001) },
      ])
      assert.equal(status, 200)
      const fields = body.results.map(({ faults }: { faults: { field: string }[] }) =>
        faults.map(({ field }) => field).sort(),
      )
      assert.deepEqual(fields, [[], ['email'], ['email'], ['email'], ['roles'], ['last_name', 'note']])
      assert.equal(await count(), before)
      assert.equal((await world.call('GET', '/audit/?limit=1', { token })).body.results[0].id, events)
      assert.equal(
        (
          await world.call('POST', '/users/', {
            token,
            body: { email: 'new@check.example', password: goodPassword },
          })
        ).status,
        201,
      )
    })

    it('judges by the rank of the caller: a role that holds more is refused, in the words of the caller', async () => {
      const caller = await world.withPermissions('users:create')
      const rows = [{ email: 'rank@check.example', roles: ['checker'] }, { email: 'plain@check.example' }]
      const { body } = await check(rows, caller.access, { 'accept-language': 'ru' })
      assert.equal(body.results[0].faults.length, 1)
      assert.equal(body.results[0].faults[0].field, null)
      assert.match(body.results[0].faults[0].message, /[а-я]/)
      assert.deepEqual(body.results[1].faults, [])
    })

    it('takes at most a hundred rows, and neither flags nor passwords', async () => {
      const many = Array.from({ length: 101 }, (_, index) => ({ email: `many-${index}@check.example` }))
      assert.equal((await check(many)).status, 400)
      assert.equal((await check(many.slice(1))).status, 200)
      for (const field of ['is_staff', 'is_superuser', 'password']) {
        assert.equal((await check([{ email: 'a@check.example', [field]: true }])).status, 400)
      }
    })
  })
}
