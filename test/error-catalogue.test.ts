import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { statusOf } from '../server/src/http/index.ts'
import { rejectionCodes } from '../server/src/kernel/index.ts'
import { assertNone } from './support/assert-none.ts'

interface Entry {
  readonly code: string
  readonly status: number
  readonly meaning: string
}

/** The rows of the table in docs/errors.md. */
function readCatalogue(): readonly Entry[] {
  const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
  return [...text.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, code, status, meaning]) => ({
    code: code!,
    status: Number(status),
    meaning: meaning!,
  }))
}

describe('the catalogue of error codes', () => {
  const catalogue = readCatalogue()

  it('has one row for every code that an answer can carry, with its status', () => {
    const documented = catalogue.map(({ code, status }) => [code, status] as const)
    assert.deepEqual(
      Object.fromEntries(documented),
      statusOf,
      'The table of docs/errors.md and `statusOf` of server/src/http/problem.ts differ. Give each code one row: | `code` | status | meaning |.',
    )
    const codes = catalogue.map(({ code }) => code)
    assertNone(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      'These codes have two rows in docs/errors.md. Remove one of each.',
    )
  })

  it('has every rejection of the domain', () => {
    const codes = new Set(catalogue.map(({ code }) => code))
    assertNone(
      rejectionCodes.filter(code => !codes.has(code)),
      'These codes of server/src/kernel/rejection.ts have no row in docs/errors.md. Add one: | `code` | status | meaning |.',
    )
  })

  it('is ordered by status, and says of every code what it means', () => {
    const statuses = catalogue.map(({ status }) => status)
    assert.deepEqual(
      statuses,
      statuses.toSorted((a, b) => a - b),
      'The rows of docs/errors.md are not in the order of their status. Move the new one.',
    )
    assertNone(
      catalogue.filter(({ meaning }) => meaning.length <= 20).map(({ code }) => code),
      'These rows of docs/errors.md say hardly anything. Say when the code comes and what the caller can do.',
    )
  })
})
