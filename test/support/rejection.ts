import assert from 'node:assert/strict'
import { type Message, Rejection, type RejectionCode } from '../../server/src/kernel/index.ts'

/**
 * For `assert.rejects`: the error is this rejection, and says this in its detail, or of this field first. The key is
 * asserted rather than the sentence, which may be put better one day.
 */
export const rejection =
  (code: RejectionCode, key?: Message['key'], field?: string) =>
  (error: unknown): true => {
    assert.ok(error instanceof Rejection, String(error))
    const said = field === undefined ? error.detail : error.errors?.[field]?.[0]
    assert.deepEqual([error.code, said?.key], [code, key])
    return true
  }
