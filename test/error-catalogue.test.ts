import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { statusOf } from '../server/src/http/index.ts'
import { rejectionCodes } from '../server/src/kernel/index.ts'

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
    assert.deepEqual(Object.fromEntries(documented), statusOf)
    assert.equal(documented.length, Object.keys(statusOf).length, 'no code has two rows')
  })

  it('has every rejection of the domain', () => {
    const codes = new Set(catalogue.map(({ code }) => code))
    assert.deepEqual(
      rejectionCodes.filter(code => !codes.has(code)),
      [],
    )
  })

  it('is ordered by status, and says of every code what it means', () => {
    const statuses = catalogue.map(({ status }) => status)
    assert.deepEqual(
      statuses,
      statuses.toSorted((a, b) => a - b),
    )
    for (const { code, meaning } of catalogue) assert(meaning.length > 20, code)
  })
})
