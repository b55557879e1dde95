import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toOriginForm } from './target.ts'

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
