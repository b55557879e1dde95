import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`names of roles, resources and actions on ${engine}`, async () => {
    const { call, core, superuser, register } = await testWorld({ engine })
    const { access: token, id: ownId } = await superuser()
    let counter = 0
    const make = (path: string, name: string) =>
      call('POST', path, { token, body: { name, code_name: `alike-${++counter}` } })

    for (const path of ['/roles/', '/resources/', '/actions/'] as const) {
      it(`${path} are kept in one form, and two that look alike are one`, async () => {
        const made = await make(path, '  Night\u00a0watch e\u0301 ')
        assert.deepEqual([made.status, made.body.name], [201, 'Night\u00a0watch \u00e9'])
        for (const name of ['NIGHT WATCH \u00c9', 'Night  watch \u00e9', 'Nіght wаtch \u00e9']) {
          const again = await make(path, name)
          assert.deepEqual([again.status, Object.keys(again.body.errors)], [409, ['name']], name)
          assert.match(again.body.errors.name[0], /Night/)
        }
        const other = await make(path, 'Day watch')
        const renamed = await call('PATCH', `${path}${other.body.id}/`, {
          token,
          body: { name: 'night watch \u00e9' },
        })
        assert.equal(renamed.status, 409)
        const itself = await call('PATCH', `${path}${other.body.id}/`, { token, body: { name: 'DAY watch' } })
        assert.equal(itself.status, 200, 'a name is not taken by its own row')
      })

      it(`${path} hold nothing that cannot be seen`, async () => {
        for (const name of ['Night\u200b', 'a\u202eb', 'a\tb', '\u200b']) {
          const answer = await make(path, name)
          assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, ['name']])
        }
        const body = { name: 'a\u200bb', code_name: 'No Code', extra: 1 }
        const { errors } = (await call('POST', path, { token, body })).body
        assert.deepEqual(Object.keys(errors).toSorted(), ['code_name', 'extra', 'name'])
      })
    }

    it('rows from before that look alike stay, and are changed in all but the name', async () => {
      const first = await make('/roles/', 'Auditor')
      const second = await make('/roles/', 'Something else')
      await core.database.transaction(trx =>
        trx.updateTable('roles').set({ name: 'АUDITОR\u200b' }).where('id', '=', second.body.id).execute(),
      )
      const path = `/roles/${second.body.id}/`
      const changed = await call('PATCH', path, { token, body: { description: 'Old' } })
      assert.deepEqual([changed.status, changed.body.name], [200, 'АUDITОR\u200b'])
      assert.equal((await call('PATCH', path, { token, body: { name: 'AUDITOR' } })).status, 409)
      assert.equal((await call('DELETE', `/roles/${first.body.id}/`, { token })).status, 204)
    })

    it('names of people are kept in the same form; a blank one is none', async () => {
      const person = await register()
      const patch = (body: object) => call('PATCH', '/me/', { token: person.access, body })
      const { body } = await patch({ first_name: ' Ame\u0301lie ', last_name: '   ', middle_name: '' })
      assert.deepEqual([body.first_name, body.last_name, body.middle_name], ['Am\u00e9lie', null, null])
      const refused = await patch({ first_name: 'a\u202eb', last_name: 'c\u200bd', middle_name: 'fine' })
      assert.deepEqual(Object.keys(refused.body.errors).toSorted(), ['first_name', 'last_name'])
      const created = await call('POST', '/users/', {
        token,
        body: { email: 'no address', password: 'short', first_name: 'a\u0007b', roles: 1 },
      })
      assert.deepEqual(Object.keys(created.body.errors).toSorted(), [
        'email',
        'first_name',
        'password',
        'roles',
      ])
      const own = await call('PATCH', `/users/${ownId}/`, { token, body: { last_name: 'x\u2066' } })
      assert.equal(own.status, 400)
    })
  })
}
