import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readName } from '../../server/src/kernel/index.ts'
import { engines } from '../support/engines.ts'
import { withMuchMail } from '../support/proofs.ts'
import { createSamples } from '../support/sample-requests.ts'
import { goodPassword, testWorld } from '../support/world.ts'
import type { FieldSchema } from './values.ts'

/** Texts that a column can hold and that have broken other people's queries, pages and indexes. */
const texts = [
  ...[
    "'",
    '"',
    '\\',
    '%',
    '_',
    '%%%',
    '\\%',
    "'; drop table users; --",
    '1 or 1=1',
    '$1',
    ':name',
    '?',
    '{}',
  ],
  ...[
    '\u0001',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\ufffd',
    '\uffff',
    '\u202e',
    '\u200b',
    ' ',
    '\t',
    '\n',
    '\r\n',
  ],
  ...[
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ı',
    'ﬀ',
    'Ω',
    '👩‍💻',
    '𝔘𝔫𝔦',
    '\u{10ffff}',
    '𐏿',
    'ً'.repeat(50),
    '<script>',
    'null',
    '0',
  ],
]

const instants = [
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '1969-12-31T23:59:59Z', '2026-02-28T23:59:60Z'],
  ...['2024-02-29T00:00:00+14:00', '2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00-23:59'],
]

const largestId = String(Number.MAX_SAFE_INTEGER)

/** One address tries more strange accounts than anybody should; each of them is still counted. */
const manyFromHere = { PROPUSK_GUESSES_PER_ADDRESS: 'off', PROPUSK_GUESSES_PER_PASSWORD: 'off' }

for (const engine of engines) {
  describe(`what fits and is strange is answered, never with a fault, on ${engine}`, async () => {
    const world = await testWorld({
      engine,
      env: { PROPUSK_LOG_LEVEL: 'error', ...withMuchMail, ...manyFromHere },
    })
    const samples = await createSamples(world)
    const administrator = await world.superuser()
    const token = administrator.access

    it('the largest possible id in a path gives 404', async () => {
      const withRow = world.server.app.routes.filter(({ route }) => route.path.includes(':id'))
      assert.ok(withRow.length > 25)
      // Not the one who gets factors by the samples: with them each act would ask for one first.
      const { access: another } = await world.superuser()
      for (const registered of withRow) {
        const { method, path, body } = await samples.request(registered, administrator)
        const row = path.replace(/\/\d+\//, `/${largestId}/`)
        const answer = await world.call(method, row, { token: another, body })
        assert.equal(answer.status, 404, `${method} ${path} ${answer.text}`)
      }
    })

    it('strange texts in a query', async () => {
      for (const { basePath, route } of world.server.app.routes) {
        const query = route.query as FieldSchema | undefined
        for (const [name, field] of Object.entries(query?.properties ?? {})) {
          const required = (query?.required ?? []).filter(each => each !== name).map(each => `${each}=x&`)
          const values =
            field.type === 'integer' ? [largestId] : field.format === 'date-time' ? instants : texts
          for (const value of field.type === 'boolean' ? ['true', 'false'] : values) {
            const path = `${basePath}${route.path}?${required.join('')}${name}=${encodeURIComponent(value)}`
            const answer = await world.call('GET', path, { token })
            assert.ok(answer.status < 500, `${path} ${answer.text}`)
          }
        }
      }
    })

    it('strange texts in every field that takes text, and they come back as they were', async () => {
      let counter = 0
      for (const text of texts) {
        const code_name = `strange-${++counter}`
        // Of what a reader does not see no name is made; every other text is trimmed and put into NFC.
        const read = readName(text, 150)
        const kept = 'key' in read ? undefined : read.name
        const role = {
          name: kept === undefined ? `${counter}` : `${counter} ${text}`,
          code_name,
          description: text,
        }
        const made = await world.call('POST', '/roles/', { token, body: role })
        assert.equal(made.status, 201, `${JSON.stringify(text)} ${made.text}`)
        const again = await world.call('GET', `/roles/${made.body.id}/`, { token })
        assert.equal(again.body.description, text)
        const me = await world.call('PATCH', '/me/', { token, body: { first_name: text, last_name: text } })
        assert.equal(me.status, kept === undefined ? 400 : 200, `${JSON.stringify(text)} ${me.text}`)
        if (kept !== undefined) assert.equal(me.body.first_name, kept || null)
        const found = await world.call('GET', `/roles/?search=${encodeURIComponent(text)}`, { token })
        assert.equal(found.status, 200)
        if (kept) {
          assert.ok(
            found.body.results.some((row: { id: number }) => row.id === made.body.id),
            JSON.stringify(text),
          )
        }
      }
    })

    it('strange texts as names of permissions, roles, addresses and tokens', async () => {
      for (const text of [...texts, '__proto__', 'constructor', 'x'.repeat(100)]) {
        const refused = [
          world.call('POST', '/roles/', { token, body: { name: text, code_name: `_${text}` } }),
          world.call('POST', '/permissions/', { token, body: { resource: text, action: text } }),
          world.call('PATCH', `/users/${administrator.id}/`, { token, body: { roles: [text] } }),
          world.call('POST', '/login/', { body: { email: text, password: text } }),
          world.call('POST', '/token/refresh/', { body: { refresh: text } }),
          world.call('POST', '/register/', {
            body: { email: `${text}@example.com`, password: goodPassword, password2: `${goodPassword}!` },
          }),
        ]
        for (const answer of await Promise.all(refused)) {
          assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(text)} ${answer.text}`)
        }
        const checks = [{ resource: text, action: text }]
        const checked = await world.call('POST', '/access/check/', { token, body: { checks } })
        assert.ok(checked.status < 500, `${JSON.stringify(text)} ${checked.text}`)
        const me = await world.call('GET', '/me/', { token: text.replaceAll(/[^\x21-\x7e]/g, 'x') })
        assert.equal(me.status, 401)
        const agent = text.replaceAll(/[^\t\x20-\xff]/g, 'ÿ')
        const { email, password } = administrator
        const login = await world.call('POST', '/login/', {
          body: { email, password },
          headers: { 'user-agent': agent },
        })
        assert.equal(login.status, 200, `${JSON.stringify(text)} ${login.text}`)
      }
    })

    it('a role and a permission named like what every object has are a role and a permission', async () => {
      const entry = { name: 'constructor', code_name: 'constructor' }
      for (const path of ['/resources/', '/actions/']) {
        assert.equal((await world.call('POST', path, { token, body: entry })).status, 201)
      }
      const person = await world.register()
      const permissions = ['constructor:constructor']
      const allowed = async () => {
        const checks = [
          { resource: 'constructor', action: 'constructor' },
          { resource: 'constructor', action: 'read' },
          { resource: '__proto__', action: 'constructor' },
          { resource: 'users', action: 'toString' },
        ]
        const answer = await world.call('POST', '/access/check/', { token: person.access, body: { checks } })
        assert.equal(answer.status, 200, answer.text)
        return answer.body.results.map((each: { allowed: boolean }) => each.allowed)
      }
      assert.deepEqual(await allowed(), [false, false, false, false])
      assert.equal(
        (await world.call('POST', '/roles/', { token, body: { ...entry, permissions } })).status,
        201,
      )
      const roles = { roles: ['constructor'] }
      assert.equal((await world.call('PATCH', `/users/${person.id}/`, { token, body: roles })).status, 200)
      assert.deepEqual(await allowed(), [true, false, false, false])
    })
  })
}
