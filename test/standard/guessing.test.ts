import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { settings } from '../../server/src/config/index.ts'
import { attemptKinds } from '../../server/src/throttle/limits.ts'

const security = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
const chapter = security.split('\n## ').find(part => part.startsWith('Guessing\n')) ?? ''

describe('the throttle of sign-ins', () => {
  it('the document describes every counter, every setting and its default', () => {
    for (const kind of attemptKinds) assert.ok(chapter.includes(`| \`${kind}\` |`), kind)
    const concerned = settings.filter(({ name }) =>
      /_GUESS|_LIMIT_(?:REGISTRATION|PASSWORD_CHANGE)$/.test(name),
    )
    assert.equal(concerned.length, 6)
    for (const { name, default: value } of concerned) {
      const at = chapter.indexOf(`\`${name}\``)
      assert.ok(at >= 0, name)
      assert.ok(chapter.slice(at, at + 60).includes(`\`${value}`), `${name}: ${value}`)
    }
  })
})
