import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Rejection } from '../kernel/index.ts'
import { parseStrictJson } from './strict-json.ts'

const bytes = (text: string) => Buffer.from(text)

/** The fields that a body is refused for, with the keys of their messages. */
function refusedFields(body: string | Uint8Array): Record<string, string[]> {
  try {
    parseStrictJson(typeof body === 'string' ? bytes(body) : body)
  } catch (error) {
    assert.ok(error instanceof Rejection)
    assert.equal(error.code, 'invalid_request')
    return Object.fromEntries(
      Object.entries(error.errors ?? {}).map(([field, messages]) => [field, messages.map(each => each.key)]),
    )
  }
  throw new Error('the body was taken')
}

describe('strict JSON', () => {
  it('gives the same value as JSON.parse for a text with one reading', () => {
    const texts = [
      '{}',
      '[]',
      'null',
      '"plain"',
      '-1.5e3',
      '{"a":{"b":[1,{"a":2},"a,b:{}[]"]},"c":"\\"}\\\\","\\u0064":"\\ud83d\\ude00"}',
      '[{"a":1},{"a":2}]',
      '{"a":"a","b":"a"}',
    ]
    for (const text of texts) assert.deepEqual(parseStrictJson(bytes(text)), JSON.parse(text), text)
  })

  it('refuses what is no JSON, a byte order mark among it', () => {
    for (const text of [
      '',
      '{',
      '{a:1}',
      '{"a":1}x',
      '{"a":1,}',
      'NaN',
      '\ufeff{}',
      "{'a':1}",
      '{"a":\u0000}',
    ]) {
      assert.deepEqual(refusedFields(text), { body: ['body.not_json'] }, text)
    }
  })

  it('refuses bytes that are no UTF-8 instead of replacing them', () => {
    const cases = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]
    for (const sequence of cases) {
      const body = Buffer.concat([bytes('{"a":"'), Buffer.from(sequence), bytes('"}')])
      assert.deepEqual(refusedFields(body), { body: ['body.not_utf8'] })
    }
  })

  it('refuses a key that stands twice in one object, however it is spelt', () => {
    assert.deepEqual(refusedFields('{"email":"a","email":"b"}'), { email: ['body.duplicate_key'] })
    assert.deepEqual(refusedFields('{"email":"a","\\u0065mail":"b"}'), { email: ['body.duplicate_key'] })
    assert.deepEqual(refusedFields('{"checks":[{},{"action":1,"action":1}]}'), {
      'checks.1.action': ['body.duplicate_key'],
    })
    assert.deepEqual(refusedFields('{"a":{"b":1},"a":{"b":1}}'), { a: ['body.duplicate_key'] })
  })

  it('refuses NUL and half of a surrogate pair, in values and in keys', () => {
    assert.deepEqual(refusedFields('{"name":"a\\u0000b"}'), { name: ['field.character'] })
    assert.deepEqual(refusedFields('{"name":"\\ud800"}'), { name: ['field.character'] })
    assert.deepEqual(refusedFields('{"list":["x","\\udc00\\ud800"]}'), { 'list.1': ['field.character'] })
    assert.deepEqual(refusedFields('{"\\u0000":1}'), { '\0': ['field.character'] })
  })

  it('refuses keys that could poison a prototype, and leaves no prototype changed', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '__pr\\u006fto__']) {
      const fields = refusedFields(`{"a":{"${key}":{"admin":true}}}`)
      assert.deepEqual(Object.values(fields), [['field.unknown']], key)
    }
    assert.equal(({} as { admin?: boolean }).admin, undefined)
  })

  it('refuses deep nesting, and does so for the deepest body that fits', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.ok(parseStrictJson(bytes(nested(20))))
    assert.deepEqual(refusedFields(nested(21)), { body: ['body.too_deep'] })
    assert.deepEqual(refusedFields(nested(32_768)), { body: ['body.too_deep'] })
    assert.deepEqual(refusedFields(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`), { body: ['body.too_deep'] })
  })

  it('reports a bounded number of faults', () => {
    const body = `{${Array.from({ length: 3_000 }, (_, index) => `"k${index}":"\\u0000"`).join()}}`
    assert.equal(Object.keys(refusedFields(body)).length, 50)
  })
})
