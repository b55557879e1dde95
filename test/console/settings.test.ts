import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()
const root = await world.superuser()
const send = async (method: string, path: string, body: object) => {
  const answer = await world.call(method, path, { token: root.access, body })
  assert.ok(answer.status < 300, `${path} ${answer.text}`)
  return answer.body
}

describe('the settings', () => {
  test('say in plain words how long the audit and sessions are kept', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/settings')
    const kept = page.getByRole('region', { name: 'Retention' })
    await kept.getByText('Events are kept forever.').waitFor()
    await kept.getByText('An ended session stays in the lists for 90 days.').waitFor()
    await kept.getByText('Where a session was used can be seen for 30 days after its end.').waitFor()
    await assertAccessible(page, 'the settings')
    await kept.getByRole('link', { name: 'Audit: open' }).click()
    await page.waitForURL('**/console/audit')
    assert.deepEqual(complaints, [])
  })

  test('say in plain words who may sign in and how, and which roles ask for a second factor', async () => {
    const body = { code_name: 'cashier', name: 'Cashier', permissions: [], requires_aal: 'aal2' }
    const { id } = await send('POST', '/roles/', body)
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/settings')
    const policy = page.getByRole('region', { name: 'Sign-in policy' })
    for (const sentence of [
      'Optional, for staff and superusers, too.',
      'Open: anyone can create an account.',
      'Off: there is no sign-in by a code from an email.',
      'At least 8 characters.',
      'Off: an account with a second factor shows it at every sign-in.',
      'At most 24 hours after sign-in.',
      'Off: an unused session lasts its full time.',
      'At most 10 minutes, never longer than its session.',
    ]) {
      await policy.getByText(sentence).waitFor()
    }
    await policy.getByText('PROPUSK_STAFF_FACTOR').waitFor()
    await assertAccessible(page, 'the sign-in policy')
    await policy.getByRole('link', { name: 'Cashier' }).click()
    await page.waitForURL(`**/console/roles/${id}`)
    assert.deepEqual(complaints, [])
  })
})
