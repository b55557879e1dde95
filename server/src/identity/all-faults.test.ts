import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

const world = await testWorld()
const admin = await world.superuser()

const fieldsOf = async (method: string, path: string, body?: unknown) => {
  const answer = await world.call(method, path, { token: admin.access, body, headers: browserHeaders() })
  assert.equal(answer.status, 400, `${method} ${path} ${answer.text}`)
  return Object.keys(answer.body.errors).toSorted()
}

const personal = { email: 'someone@example.com', password: 'Seven Lamps', first_name: 'Seven lamps' }

describe('a body with faults of its form and of the rules of the domain', () => {
  for (const [path, body, fields] of [
    [
      '/register/',
      { email: 'no address', password: 'short', password2: 'other', extra: 1 },
      ['email', 'extra', 'password', 'password2'],
    ],
    ['/register/', { ...personal }, ['password', 'password2']],
    ['/browser/register/', { ...personal }, ['password', 'password2']],
    ['/users/', { email: 'no address', password: 'short', id: 1 }, ['email', 'id', 'password']],
    ['/users/', { password: 'password123', is_staff: 'yes' }, ['email', 'is_staff', 'password']],
    [
      '/me/password/',
      { password: 'short', password2: 'other', extra: 1 },
      ['current_password', 'extra', 'password', 'password2'],
    ],
  ] as const) {
    it(`is answered with every one of them: POST ${path} ${JSON.stringify(body)}`, async () => {
      assert.deepEqual(await fieldsOf('POST', path, body), fields)
    })
  }

  it('is answered with every one of them when a user is changed or replaced', async () => {
    const { id } = await world.register()
    for (const method of ['PUT', 'PATCH']) {
      const body = { email: 'no address', password: goodPassword, is_staff: 1, extra: 1 }
      const fields = await fieldsOf(method, `/users/${id}/`, body)
      for (const field of ['email', 'extra', 'is_staff', 'password']) assert.ok(fields.includes(field), field)
    }
  })

  it('is answered with those of the path, too', async () => {
    assert.deepEqual(await fieldsOf('PATCH', '/users/0/', { email: 'no address' }), ['email', 'id'])
  })

  it('is validated without the fields that are of another type', async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 1]))
    const fields = await fieldsOf('POST', '/users/', { ...many, email: 5, password: null })
    assert.ok(fields.length >= 50)
  })
})

describe('a PATCH that names nothing', () => {
  const role = async () =>
    (await world.call('POST', '/roles/', { token: admin.access, body: { name: 'R', code_name: 'r' } })).body
      .id

  it('is a 400 at every address, whether its body is missing or empty', async () => {
    const paths = ['/me/', `/users/${admin.id}/`, `/roles/${await role()}/`, '/actions/1/', '/permissions/1/']
    for (const path of paths) {
      for (const body of [undefined, {}]) assert.deepEqual(await fieldsOf('PATCH', path, body), ['body'])
    }
  })
})
