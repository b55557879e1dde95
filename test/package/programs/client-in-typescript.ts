import assert from 'node:assert/strict'
import {
  type CallInput,
  type Client,
  createClient,
  memoryTokens,
  type Operations,
  ProblemError,
  type TokenStore,
} from '@propusk/client'

const baseUrl = process.env.SERVER_URL!
const email = process.env.EMAIL!
const password = 'correct horse battery staple'

const tokens: TokenStore = memoryTokens()
const propusk: Client = createClient({ baseUrl, tokens, language: () => 'ru' })
const registration: CallInput<'register'> = { body: { email, password, password2: password } }
await tokens.write(await propusk.call('register', registration))
const me: Operations['readProfile']['success'] = await propusk.call('readProfile')
assert.equal(me.email, email)
const changed = await propusk.call('changeProfile', { body: { first_name: 'Anna' } })
assert.equal(changed.first_name satisfies string | null, 'Anna')

const answer: Response = await propusk.open('getOpenApi')
assert.equal(((await answer.json()) as { openapi: string }).openapi.startsWith('3.'), true)

const refused = await propusk.call('readUser', { params: { id: 1 } }).catch((error: unknown) => error)
assert.ok(refused instanceof ProblemError)
assert.equal(refused.code satisfies string, 'permission_denied')
assert.match(refused.detail, /[а-я]/)

// What the types refuse, the server would refuse as well.
// @ts-expect-error: no operation has this name.
await assert.rejects(async () => await propusk.call('readNothing'))
// @ts-expect-error: a path needs its id.
await assert.rejects(async () => await propusk.call('readUser'), TypeError)
// @ts-expect-error: there is no such field.
await assert.rejects(propusk.call('changeProfile', { body: { nickname: 'a' } }), ProblemError)

console.log('done')
