import assert from 'node:assert/strict'
import { it } from 'node:test'
import { splitTarget } from './target.ts'

it('a target is a path and what follows its first question mark, neither of them decoded', () => {
  const cases: Readonly<Record<string, readonly [path: string, query: string]>> = {
    '/users/': ['/users/', ''],
    '/users/?': ['/users/', ''],
    '/users/?a=b?c#d': ['/users/', 'a=b?c#d'],
    '/users/%3Fa?b=%3F': ['/users/%3Fa', 'b=%3F'],
    '/users/#a?b': ['/users/', 'a?b'],
    '/users;a?b': ['/users;a', 'b'],
    'http://evil.example/users/?a': ['/users/', 'a'],
    'HTTPS://user:secret@evil.example:1/users/': ['/users/', ''],
    'http://evil.example?a': ['', 'a'],
    'ftp://evil.example/users/': ['ftp://evil.example/users/', ''],
    '//evil.example/users/': ['//evil.example/users/', ''],
    '*': ['*', ''],
  }
  for (const [target, [path, query]] of Object.entries(cases)) {
    assert.deepEqual(splitTarget(target), { path, query }, target)
  }
})
