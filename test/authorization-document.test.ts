import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { apiBasePath } from '../server/src/api-routes.ts'
import { permissionsOf, type RegisteredRoute } from '../server/src/http/index.ts'
import { testWorld } from './support/world.ts'

/** `GET /users/ users:read` for each row of the table in docs/authorization.md. */
function readTable(): readonly string[] {
  const text = readFileSync(new URL('../docs/authorization.md', import.meta.url), 'utf8')
  const rows = text.matchAll(
    /^\| `([A-Z]+ \S+)` \| (?:(`[^`]+`(?: and `[^`]+`)*)|(any|own page|signed in)) \|$/gm,
  )
  return [...rows].map(
    ([, call, permission, everybody]) => `${call} ${permission?.replaceAll('`', '') ?? everybody}`,
  )
}

function needOf({ route }: RegisteredRoute): string {
  if (route.access === 'public') return 'any'
  if (route.access === 'browser') return 'own page'
  if (route.access === 'authenticated') return 'signed in'
  return permissionsOf(route).join(' and ')
}

describe('the authorization document', () => {
  it('names every call of the API with what it needs, and no other', async () => {
    const { server } = await testWorld()
    const calls = server.app.routes
      .filter(({ basePath }) => basePath === apiBasePath)
      .map(registered => `${registered.route.method} ${registered.route.path} ${needOf(registered)}`)
    assert.deepEqual(readTable().toSorted(), calls.toSorted())
  })
})
