import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import i18next from 'i18next'
import { describeAuditEvent } from '../../console/src/audit/describe-event.ts'
// The messages themselves, which the pages of the console bring along.
import '../../console/src/audit/messages.ts'
import { accountFieldDefinitions } from '../../console/src/ui/account-fields.ts'
import { accountFields } from '../../server/src/identity/account-fields.ts'

await i18next.init({ lng: 'en', fallbackLng: 'en', resources: {}, interpolation: { escapeValue: false } })

const written = Object.values(accountFields).filter(({ writer }) => writer !== 'server')

for (const lng of ['en', 'ru'] as const) {
  describe(`in the console (${lng}) a field of an account`, () => {
    for (const { column, kind } of written.filter(({ kind }) => kind !== 'flag')) {
      test(`has a label: ${column} (${kind})`, () => {
        const { [column]: label } = i18next.getResourceBundle(lng, 'account-fields') as Record<string, string>
        assert.ok(label, column)
      })
    }

    // Opening and closing an account are events of their own.
    for (const { column, kind, audited } of written.filter(({ column }) => column !== 'is_active')) {
      test(`has a sentence in the audit when it changes: ${column}`, () => {
        const values = kind === 'flag' ? { from: false, to: true } : { from: 'Old', to: 'New' }
        const sentence = describeAuditEvent(
          {
            id: 1,
            at: '2026-03-14T10:30:11.902Z',
            actor: null,
            action: 'user.update',
            target: 'users/52',
            outcome: 'success',
            ip_address: null,
            user_agent: null,
            details: { [column]: audited === 'values' ? values : 'changed' },
          },
          (key, values) => i18next.getFixedT(lng, 'audit-sentences')(key, { ...values }),
          { about: 'users/52' },
        )
        assert.doesNotMatch(sentence, /user\.update/)
      })
    }
  })
}

describe('the console’s list of the texts of an account', () => {
  const texts = written.filter(({ kind }) => kind !== 'flag')

  test('has the fields that can be written, and no other', () => {
    assert.deepEqual(Object.keys(accountFieldDefinitions).sort(), texts.map(({ column }) => column).sort())
  })

  for (const { column, ordered, writer } of texts) {
    test(`says of ${column} what the server does`, () => {
      const { isOrdered, isOwn } = accountFieldDefinitions[column as keyof typeof accountFieldDefinitions]
      assert.deepEqual({ isOrdered, isOwn }, { isOrdered: ordered, isOwn: writer === 'owner' })
    })
  }
})
