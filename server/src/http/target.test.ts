import assert from 'node:assert/strict'
import { it } from 'node:test'
import { basePathOf, stripBasePath, toOriginForm } from './target.ts'

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
