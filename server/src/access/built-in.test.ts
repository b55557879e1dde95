import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

/** `resource:action` of every route that asks for one, as the document of the API names it. */
function permissionsOfRoutes(): ReadonlySet<string> {
  const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'))
  const named = new Set<string>()
  for (const operations of Object.values<Record<string, unknown>>(document.paths)) {
    for (const operation of Object.values(operations)) {
      const permission = (operation as { 'x-permission'?: string })['x-permission']
      for (const name of permission?.match(/[a-z_]+:[a-z_]+/g) ?? []) named.add(name)
    }
  }
  return named
}

for (const engine of engines) {
  describe(`what the server’s own routes ask for, on ${engine}`, async () => {
    const { call, superuser } = await testWorld({ engine })
    const { access: token } = await superuser()
    const permissions = [...permissionsOfRoutes()]
    assert.ok(permissions.length > 20, 'the document names what routes ask for')
    const parts = {
      resources: new Set(permissions.map(name => name.split(':')[0]!)),
      actions: new Set(['all', ...permissions.map(name => name.split(':')[1]!)]),
    }

    for (const [table, names] of Object.entries(parts)) {
      for (const codeName of names) {
        it(`${codeName} of ${table} can be neither deleted nor renamed, not even by a superuser`, async () => {
          const { body } = await call('GET', `/${table}/?limit=200`, { token })
          const row = body.results.find((each: { code_name: string }) => each.code_name === codeName)
          assert.ok(row, 'it is there')
          const path = `/${table}/${row.id}/`
          const renamed = { name: row.name, code_name: 'another' }
          assert.equal((await call('DELETE', path, { token })).status, 409)
          assert.equal((await call('PATCH', path, { token, body: { code_name: 'another' } })).status, 409)
          assert.equal((await call('PUT', path, { token, body: renamed })).status, 409)
          assert.deepEqual((await call('GET', path, { token })).body, row)
        })
      }
    }
  })
}
