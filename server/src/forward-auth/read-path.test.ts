import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pathTricks } from '../../../test/forward-auth/support/path-tricks.ts'
import { readPath } from './read-path.ts'

describe('a path that is read', () => {
  const plain: readonly (readonly [string, string])[] = [
    ['/', '/'],
    ['/a/b.txt', '/a/b.txt'],
    ['/a/?next=/../x', '/a/'],
    ['/a/?method=x&y=%zz&_m=1', '/a/'],
    ['/caf%C3%A9', '/café'],
    ['/%D0%BF%D1%80%D0%B0%D0%B2%D0%BE', '/право'],
    ['/a%20b', '/a b'],
    ['/~me/v1.2/x,y:z@(1)!$*+=', '/~me/v1.2/x,y:z@(1)!$*+='],
    ['/.well-known/x', '/.well-known/x'],
    ['/a/...', '/a/...'],
    ['/a..b/', '/a..b/'],
  ]
  for (const [target, path] of plain) {
    it(`is ${JSON.stringify(path)} of ${JSON.stringify(target)}`, () => {
      assert.deepEqual(readPath(target), { ok: true, path })
    })
  }
  for (const target of pathTricks) {
    it(`is none in ${JSON.stringify(target)}`, () => assert.equal(readPath(target).ok, false))
  }
  it('is none in a path longer than 2,000 characters', () => {
    assert.equal(readPath(`/${'a'.repeat(2_000)}`).ok, false)
  })
})
