import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Rejection } from '../kernel/index.ts'
import { basePathOf, coerceTexts, parseQueryString, stripBasePath, toOriginForm } from './target.ts'

it('a target in absolute form becomes its path and query, as they were written', () => {
  const cases: Readonly<Record<string, string>> = {
    '/users/': '/users/',
    '/users/?a=b?c#d': '/users/?a=b?c#d',
    '/users/%3Fa?b=%3F': '/users/%3Fa?b=%3F',
    'http://evil.example/users/?a': '/users/?a',
    'HTTPS://user:secret@evil.example:1/users/': '/users/',
    'http://evil.example?a': '?a',
    'ftp://evil.example/users/': 'ftp://evil.example/users/',
    '//evil.example/users/': '//evil.example/users/',
    '*': '*',
  }
  for (const [target, originForm] of Object.entries(cases)) {
    assert.equal(toOriginForm(target), originForm, target)
  }
})

it('the path of the public URL is taken off whole, and only where it stands', () => {
  const cases: readonly [publicUrl: string, target: string, rest: string][] = [
    ['https://example.org', '/api/auth/me/', '/api/auth/me/'],
    ['https://example.org/auth', '/auth/api/auth/me/?a', '/api/auth/me/?a'],
    ['https://example.org/auth', '/auth', '/'],
    ['https://example.org/auth', '/auth?a', '/?a'],
    ['https://example.org/auth', '/authors/', '/authors/'],
    ['https://example.org/auth', '/api/auth/me/', '/api/auth/me/'],
    ['https://example.org/auth', '/x/auth/me/', '/x/auth/me/'],
    ['https://example.org/a/b', '/a/b/health/live', '/health/live'],
    // It could not be told from our own paths: the proxy has to take it off.
    ['https://example.org/api', '/api/auth/me/', '/api/auth/me/'],
    ['https://example.org/console/x', '/console/x/', '/console/x/'],
  ]
  for (const [publicUrl, target, rest] of cases) {
    assert.equal(stripBasePath(basePathOf(publicUrl))(target), rest, `${publicUrl} ${target}`)
  }
})

const refusedFields = (raw: string): Record<string, string> => {
  try {
    parseQueryString(raw)
  } catch (error) {
    assert.ok(error instanceof Rejection)
    return Object.fromEntries(
      Object.entries(error.errors ?? {}).map(([field, [first]]) => [field, first!.key]),
    )
  }
  throw new Error(`taken: ${raw}`)
}

describe('a query string', () => {
  it('is decoded exactly once', () => {
    const cases: [string, Record<string, string>][] = [
      ['', {}],
      ['a=1&b=2', { a: '1', b: '2' }],
      ['&a=1&', { a: '1' }],
      ['a', { a: '' }],
      ['a=b=c', { a: 'b=c' }],
      ['a=%2531', { a: '%31' }],
      ['a=x+y%2B', { a: 'x y+' }],
      ['q=%D0%9F%D1%80', { q: 'Пр' }],
    ]
    for (const [raw, expected] of cases)
      assert.deepEqual(Object.fromEntries(parseQueryString(raw)), expected, raw)
  })

  it('names a parameter once only', () => {
    assert.deepEqual(refusedFields('user_id=1&user_id=2'), { user_id: 'field.repeated' })
    assert.deepEqual(refusedFields('user_id=1&%75ser_id=1'), { user_id: 'field.repeated' })
  })

  it('is refused when it holds broken encoding, bytes that are no UTF-8, or NUL', () => {
    assert.deepEqual(refusedFields('a=%'), { a: 'query.malformed' })
    assert.deepEqual(refusedFields('a=%ff'), { a: 'query.malformed' })
    assert.deepEqual(refusedFields('a=%ED%A0%80'), { a: 'query.malformed' })
    assert.deepEqual(refusedFields('a=%00'), { a: 'field.character' })
    assert.deepEqual(refusedFields('%zz=1'), { query: 'query.malformed' })
    assert.deepEqual(refusedFields('__proto__=%00'), { ['__proto__']: 'field.character' })
  })
})

describe('a text of a path or a query', () => {
  const schema = {
    properties: { id: { type: 'integer' }, on: { type: 'boolean' }, name: { type: 'string' } },
  }
  const coerce = (name: string, text: string) =>
    (coerceTexts([[name, text]], schema) as Record<string, unknown>)[name]

  it('is an integer in one spelling only', () => {
    assert.equal(coerce('id', '0'), 0)
    assert.equal(coerce('id', '-7'), -7)
    assert.equal(coerce('id', '9007199254740991'), 9_007_199_254_740_991)
    const others = [
      '',
      '-0',
      '01',
      '+1',
      ' 1',
      '1 ',
      '1.0',
      '1e3',
      '0x1',
      '१',
      '1n',
      '9007199254740992',
      '1'.repeat(40),
    ]
    for (const text of others) assert.equal(coerce('id', text), text, `«${text}» became a number`)
  })

  it('is a boolean as true or false only', () => {
    assert.equal(coerce('on', 'true'), true)
    assert.equal(coerce('on', 'false'), false)
    for (const text of ['', '1', '0', 'True', 'yes', 'null']) assert.equal(coerce('on', text), text)
  })

  it('stays text where text is asked for, and where nothing is', () => {
    assert.equal(coerce('name', '1'), '1')
    assert.equal(coerce('unknown', 'true'), 'true')
  })
})
