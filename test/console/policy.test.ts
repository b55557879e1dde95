import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld({
  PROPUSK_REGISTRATION: 'closed',
  PROPUSK_REMEMBER_DEVICE: '30',
  PROPUSK_SESSION_TTL: '48h',
  PROPUSK_SESSION_IDLE: '2h',
  PROPUSK_PASSWORD_MIN_LENGTH: '15',
})

const sentences = {
  en: [
    'Closed: only administrators create accounts or invite people.',
    'After a sign-in with the second factor, a browser can go without it for 30 days.',
    'At most 2 days after sign-in.',
    'Ended after 2 hours without use, unless “Keep me signed in” was chosen.',
    'At least 15 characters.',
    'None.',
  ],
  ru: [
    'Закрыта: только администраторы создают учётные записи и приглашают людей.',
    'После входа со вторым фактором браузер может входить без него: 30 дней.',
    'Не дольше чем 2 дня после входа.',
    'Срок без использования: 2 часа.',
    'Не меньше 15 символов.',
    'Таких нет.',
  ],
}

describe('the sign-in policy of a server that is set up otherwise', () => {
  for (const locale of ['en', 'ru'] as const) {
    test(`is said as it is (${locale})`, async () => {
      const { page, go, complaints } = await world.open({ as: 'superuser', locale, width: 360 })
      await go('/console/settings')
      const policy = page.getByRole('region', { name: locale === 'en' ? 'Sign-in policy' : 'Правила входа' })
      for (const sentence of sentences[locale]) await policy.getByText(sentence).waitFor()
      await assertAccessible(page, 'the sign-in policy')
      if (process.env.SHOT) await policy.screenshot({ path: `/tmp/policy-${locale}.png` })
      assert.deepEqual(complaints, [])
    })
  }
})
