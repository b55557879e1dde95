import assert from 'node:assert/strict'

/** Fails with the list of what was found, a line each, and with what to do about it. */
export function assertNone(found: readonly string[], advice: string): void {
  assert.ok(found.length === 0, `${found.map(each => `\n  ${each}`).join('')}\n${advice}`)
}
