import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'csv-parse/sync'
import { accountFields } from '../server/src/identity/account-fields.ts'
import { eraseUser } from '../server/src/identity/index.ts'
import type { UserId } from '../server/src/kernel/index.ts'
import { engines } from './support/engines.ts'
import { goodPassword, testWorld } from './support/world.ts'

const readText = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { schemas } = JSON.parse(readText('docs/openapi.json')).components

/** The fields that a body of the OpenAPI document sets, by themselves. */
const fieldsOf = (body: string): readonly string[] =>
  Object.keys(schemas[body].properties).filter(field => !['password', 'password2', 'roles'].includes(field))

const definitions = Object.values(accountFields)
const definitionOf = (column: string) => {
  const found = definitions.find(definition => definition.column === column)
  assert.ok(found, `${column} is in a body and not in the table of fields`)
  return found
}

/** A value that the field does not have at first; no two are the same. */
function sampleOf(column: string, at: number): string | boolean {
  const definition = definitionOf(column)
  if (definition.kind === 'flag') return !definition.initial
  return definition.kind === 'email' ? `sample${at}@example.com` : `Sample${at}${column.replaceAll('_', '')}`
}

const writable = fieldsOf('UserChange')
const own = fieldsOf('ProfileChange')

for (const engine of engines) {
  describe(`every field of an account, on ${engine}`, async () => {
    const { call, core, superuser } = await testWorld({ engine })
    const { access: token } = await superuser()
    let count = 0
    const sample = (column: string) => sampleOf(column, ++count)
    const open = async (fields: Record<string, unknown> = {}) => {
      const email = `person${++count}@example.com`
      const body = { email, password: goodPassword, ...fields }
      const { status, body: user, text } = await call('POST', '/users/', { token, body })
      assert.equal(status, 201, text)
      return user
    }
    const read = async (id: number) => (await call('GET', `/users/${id}/`, { token })).body
    const listed = async (query: string) =>
      (await call('GET', `/users/?limit=200&${query}`, { token })).body.results
    const lastEventOf = async (id: number) =>
      (await call('GET', `/audit/?target=users/${id}&limit=1`, { token })).body.results[0]

    for (const column of writable) {
      const { audited, kind } = definitionOf(column)

      it(`${column} is stored, and given back by every reading`, async () => {
        const value = sample(column)
        const { id, ...made } = await open({ [column]: value })
        assert.equal(made[column], value)
        assert.equal((await read(id))[column], value)
        const [row] = (await listed('ordering=-id')).filter((user: { id: number }) => user.id === id)
        assert.equal(row[column], value)
      })

      it(`${column} is changed by PATCH and by PUT, and nothing else is`, async () => {
        const before = await open(kind === 'text' ? { [column]: 'Before' } : {})
        const value = sample(column)
        const path = `/users/${before.id}/`
        const { body: after } = await call('PATCH', path, { token, body: { [column]: value } })
        const { updated_at, ...rest } = before
        assert.deepEqual(after, { ...rest, updated_at: after.updated_at, [column]: value })
        const { body: again } = await call('PUT', path, {
          token,
          body: { email: before.email, roles: [], [column]: sample(column) },
        })
        assert.deepEqual(await read(before.id), again)
        if (kind !== 'flag') assert.notEqual(again[column], value)
        const { body: blank } = await call('PUT', path, { token, body: { email: before.email, roles: [] } })
        assert.deepEqual(
          { ...blank, updated_at },
          { ...before, ...(kind === 'text' && { [column]: null }), updated_at },
        )
      })

      it(`${column} ${audited === 'values' ? 'stands in the audit' : 'is redacted in the audit'}`, async () => {
        const [first, second] = [sample(column), sample(column)]
        const { id } = await open({ [column]: first })
        const { details: made } = await lastEventOf(id)
        const body = { [column]: kind === 'flag' ? !first : second }
        await call('PATCH', `/users/${id}/`, { token, body })
        const { details: changed } = await lastEventOf(id)
        // Opening and closing an account are events of their own.
        if (column === 'is_active') return
        const isShown = audited === 'values'
        assert.equal(made[column], isShown ? first : undefined)
        assert.deepEqual(changed[column], isShown ? { from: first, to: body[column] } : 'changed')
        assert.equal(JSON.stringify([made, changed]).includes(String(first)), isShown)
      })

      it(`${column} is blank after the account is erased`, async () => {
        const value = sample(column)
        const { id } = await open({ [column]: value })
        await eraseUser(core, { principal: null, origin: null }, id as UserId)
        const left = (await read(id))[column]
        assert.equal(left, kind === 'text' ? null : kind === 'flag' ? false : `erased-${id}@erased.invalid`)
        const row = await core.database.read
          .selectFrom('users')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        if (typeof value === 'string')
          assert.ok(!JSON.stringify(row).toLowerCase().includes(value.toLowerCase()))
      })
    }

    for (const column of writable.filter(column => definitionOf(column).kind !== 'flag')) {
      const { searched } = definitionOf(column)
      it(`${column} is ${searched ? 'found' : 'not found'} by search`, async () => {
        const value = sample(column)
        const { id } = await open({ [column]: value })
        const find = async () => (await listed(`search=${value}`)).map((user: { id: number }) => user.id)
        assert.deepEqual(await find(), searched ? [id] : [])
        await call('PATCH', `/users/${id}/`, { token, body: { [column]: sample(column) } })
        assert.deepEqual(await find(), [])
      })
    }

    for (const column of own) {
      it(`${column} is given at registration and changed by its owner`, async () => {
        const value = sample(column)
        const email = `person${++count}@example.com`
        const password = { password: goodPassword, password2: goodPassword }
        const { status, body } = await call('POST', '/register/', {
          body: { email, ...password, [column]: value },
        })
        assert.equal(status, 201)
        const account = { token: body.access }
        assert.equal((await call('GET', '/me/', account)).body[column], value)
        const next = sample(column)
        await call('PATCH', '/me/', { ...account, body: { [column]: next } })
        assert.equal((await call('GET', '/me/', account)).body[column], next)
        assert.equal((await read(body.user.id))[column], next)
      })
    }

    for (const column of Object.keys(schemas.User.properties).filter(column => column !== 'roles')) {
      const { exported, ordered, writer } = definitionOf(column)

      it(`${column} is ${exported ? 'a column' : 'no column'} of the CSV`, async () => {
        const { id } = await open(writable.includes(column) ? { [column]: sample(column) } : {})
        const { text } = await call('GET', '/users/export/', { token })
        const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
        const row = rows.find(row => row.id === String(id))!
        assert.equal(Object.hasOwn(row, column), exported)
        if (exported) assert.equal(row[column], String((await read(id))[column] ?? ''))
      })

      it(`${column} ${ordered ? 'orders' : 'does not order'} the list`, async () => {
        const { status } = await call('GET', `/users/?ordering=${column}`, { token })
        assert.equal(status, ordered ? 200 : 400)
      })

      it(`${column} is written by: ${writer}`, () => {
        assert.equal(writable.includes(column), writer !== 'server')
        assert.equal(own.includes(column), writer === 'owner')
      })
    }
  })
}

describe('docs/authorization.md', () => {
  const rows = [
    ...readText('docs/authorization.md').matchAll(/^\| (`[a-z_`, ]+) \| (.+) \| (.+) \| (.+) \|$/gm),
  ]
  const rowOf = (column: string) => {
    const found = rows.filter(([, fields]) => fields!.split(', ').includes(`\`${column}\``))
    assert.equal(found.length, 1, `rows of ${column} in the table of fields`)
    return found[0]!.slice(2) as [owner: string, administrator: string, superuser: string]
  }

  for (const { column, writer } of definitions) {
    it(`says who may write ${column}`, () => {
      const [owner, administrator, superuser] = rowOf(column)
      assert.equal(owner.includes('`PATCH /me/`'), writer === 'owner')
      assert.equal(administrator, writer === 'owner' || writer === 'administrator' ? 'yes' : 'no')
      assert.equal(superuser, writer === 'server' ? 'no' : 'yes')
    })
  }
})
