import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { it } from 'node:test'
import { describeSchema } from '../support/describe-schema.ts'
import { eachEngine } from '../support/engines.ts'

const update = process.env.PROPUSK_UPDATE_SCHEMA === 'yes'

eachEngine('the schema', (open, { engine }) => {
  const file = new URL(`../../server/src/store/schema/${engine}.sql`, import.meta.url)

  it('is the one that is checked in', async () => {
    const found = await describeSchema(await open())
    if (update) writeFileSync(file, found)
    assert.equal(
      found,
      readFileSync(file, 'utf8'),
      `The migrations make another schema than server/src/store/schema/${engine}.sql; ` +
        'run this file with PROPUSK_UPDATE_SCHEMA=yes and review the difference',
    )
  })
})
