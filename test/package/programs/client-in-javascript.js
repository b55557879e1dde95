import assert from 'node:assert/strict'
import { createClient, memoryTokens, ProblemError } from '@propusk/client'

const baseUrl = process.env.SERVER_URL
const email = process.env.EMAIL
const password = 'correct horse battery staple'

const tokens = memoryTokens()
const propusk = createClient({ baseUrl, tokens })
await propusk.call('register', { body: { email, password, password2: password } })
tokens.write(await propusk.call('login', { body: { email, password } }))
const me = await propusk.call('readProfile')
assert.equal(me.email, email)

/** The problem that a call is refused with. */
async function problemOf(call) {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error))
    return error
  }
  assert.fail('The call was not refused.')
}

const wrong = await problemOf(propusk.call('login', { body: { email, password: 'not the password' } }))
assert.deepEqual([wrong.status, wrong.code], [401, 'invalid_credentials'])
const unreadable = { email: 'no address', password: 'x', password2: 'y' }
const invalid = await problemOf(propusk.call('register', { body: unreadable }))
assert.equal(invalid.code, 'invalid_request')
assert.ok(Array.isArray(invalid.errors.email))
const forbidden = await problemOf(propusk.call('listUsers', { query: { limit: 1 } }))
assert.deepEqual([forbidden.status, forbidden.code], [403, 'permission_denied'])

// A refused access token is refreshed once, for two calls that are refused together.
const pair = tokens.read()
tokens.write({ ...pair, access: `${pair.access.slice(0, -1)}!` })
const [first, second] = await Promise.all([propusk.call('readProfile'), propusk.call('readProfile')])
assert.equal(first.id, second.id)
assert.notEqual(tokens.read().refresh, pair.refresh)

// After the sign-out neither token is good, and the store is told.
await propusk.call('logout')
assert.equal((await problemOf(propusk.call('readProfile'))).code, 'invalid_token')
assert.equal(tokens.read(), undefined)

await assert.rejects(createClient({ baseUrl: 'http://127.0.0.1:1' }).call('getLiveness'))

console.log('done')
