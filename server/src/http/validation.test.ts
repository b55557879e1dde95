import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Rejection } from '../kernel/index.ts'
import { asJsonSchema, Type } from './schema.ts'
import { lazyValidator } from './validation.ts'

const closed = { additionalProperties: false } as const
const Account = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 5 }),
    nick: Type.Optional(Type.Union([Type.String({ maxLength: 3 }), Type.Null()])),
    kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    code: Type.Optional(Type.String({ pattern: '^[a-z]+$', 'x-message': 'code_name.invalid' })),
    age: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
    tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2, uniqueItems: true })),
    checks: Type.Optional(Type.Array(Type.Object({ action: Type.String() }, closed), { minItems: 1 })),
  },
  { $id: 'Account', ...closed, 'x-read-only': ['id'] },
)
const validate = lazyValidator(asJsonSchema(Account))

const refused = (value: unknown): Record<string, string[]> => {
  try {
    validate(value)
  } catch (error) {
    assert.ok(error instanceof Rejection)
    return Object.fromEntries(
      Object.entries(error.errors ?? {}).map(([field, messages]) => [field, messages.map(each => each.key)]),
    )
  }
  return {}
}

describe('validation', () => {
  it('takes what fits and changes nothing in it', () => {
    const value = Object.freeze({
      name: 'Ann',
      nick: null,
      kind: 'b',
      age: 9,
      at: '2026-02-28T23:59:59+03:00',
    })
    assert.deepEqual(refused(value), {})
  })

  it('does not look into a list that is far too long', () => {
    let looked = 0
    const tags = Array.from({ length: 5_000 }, () => 'a')
    const watched = new Proxy(tags, {
      get(target, name, receiver) {
        if (/^[0-9]+$/.test(String(name))) looked += 1
        return Reflect.get(target, name, receiver)
      },
    })
    assert.deepEqual(refused({ name: 'Ann', tags: watched }), { tags: ['field.too_many'] })
    assert.equal(looked, 0)
  })

  it('names every other field beside a list that is far too long', () => {
    const tags = Array.from({ length: 5_000 }, () => 'a')
    assert.deepEqual(refused({ id: 1, tags, nick: 'long' }), {
      name: ['field.required'],
      id: ['field.read_only'],
      nick: ['field.too_long'],
      tags: ['field.too_many'],
    })
  })

  it('names every field that does not fit, each with its own reason', () => {
    const value = {
      id: 1,
      extra: 2,
      nick: 'long',
      code: 'A1',
      age: 10,
      tags: ['a', 'a', 'b'],
      checks: [{ action: 1 }, {}],
    }
    assert.deepEqual(refused(value), {
      name: ['field.required'],
      id: ['field.read_only'],
      extra: ['field.unknown'],
      nick: ['field.too_long'],
      code: ['code_name.invalid'],
      age: ['field.too_big'],
      tags: ['field.too_many', 'field.duplicate'],
      'checks.0.action': ['field.string'],
      'checks.1.action': ['field.required'],
    })
  })

  it('says of a union what would have been taken', () => {
    assert.deepEqual(refused({ name: 'a', nick: 1 }), { nick: ['field.string_or_null'] })
    assert.deepEqual(refused({ name: 'a', kind: 'c' }), { kind: ['field.one_of'] })
  })

  it('does not turn one type into another', () => {
    assert.deepEqual(refused({ name: 'a', age: '4' }), { age: ['field.integer'] })
    assert.deepEqual(refused({ name: 'a', age: 4.5 }), { age: ['field.integer'] })
    assert.deepEqual(refused({ name: 7 }), { name: ['field.string'] })
    assert.deepEqual(refused({ name: null }), { name: ['field.string'] })
  })

  it('refuses a body that is no object', () => {
    for (const value of [null, [], 'text', 1, true])
      assert.deepEqual(refused(value), { body: ['body.not_object'] })
  })

  it('takes only times that RFC 3339 and the calendar know', () => {
    for (const at of ['2024-02-29T00:00:00Z', '2026-01-01t00:00:00.123z'])
      assert.deepEqual(refused({ name: 'a', at }), {})
    const wrong = [
      '2026-02-29T00:00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '0',
    ]
    for (const at of wrong) assert.deepEqual(refused({ name: 'a', at }), { at: ['field.format'] }, at)
  })

  it('reports a bounded number of fields', () => {
    const value = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]))
    assert.equal(Object.keys(refused(value)).length, 50)
  })

  it('compiles two schemas with one $id, each on its own', () => {
    lazyValidator(asJsonSchema(Type.Object({ a: Type.String() }, { $id: 'Same' })))({ a: 'x' })
    lazyValidator(asJsonSchema(Type.Object({ b: Type.Integer() }, { $id: 'Same' })))({ b: 1 })
  })
})
