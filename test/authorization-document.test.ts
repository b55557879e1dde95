import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { apiBasePath } from '../server/src/compose.ts'
import { actionOfMethod, type BookedRoute } from '../server/src/http/index.ts'
import { testWorld } from './support/world.ts'

/** `GET /users/ users:read` for each row of the table in docs/authorization.md. */
function readTable(): readonly string[] {
  const text = readFileSync(new URL('../docs/authorization.md', import.meta.url), 'utf8')
  const rows = text.matchAll(/^\| `([A-Z]+ \S+)` \| (?:`([^`]+)`|(any|signed in)) \|$/gm)
  return [...rows].map(([, call, permission, everybody]) => `${call} ${permission ?? everybody}`)
}

function needOf({ route }: BookedRoute): string {
  const { access, method } = route
  if (access === 'public') return 'any'
  if (access === 'authenticated') return 'signed in'
  return `${access.resource_name}:${access.action ?? actionOfMethod[method]}`
}

describe('the authorization document', () => {
  it('names every call of the API with what it needs, and no other', async () => {
    const { server } = await testWorld()
    const calls = server.app.routes
      .filter(({ basePath }) => basePath === apiBasePath)
      .map(booked => `${booked.route.method} ${booked.route.path} ${needOf(booked)}`)
    assert.deepEqual(readTable().toSorted(), calls.toSorted())
  })
})
