import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accounts, consoleWorld } from '../console/support/console-world.ts'
import { walkOfNewcomer } from '../console/support/newcomer.ts'

const world = await consoleWorld()

describe('a first visit to the console, as the README tells it', () => {
  test('gives a person a role, sees why it allows something, ends a session on their second device, and finds it all in the audit', async () => {
    const { stores } = world.core
    const anna = (await stores.users.findByEmail(accounts.user.email))?.user
    const phone = (await stores.sessions.listLive(anna!.id, world.clock.nowMs())).find(session =>
      /Android/.test(session.userAgent),
    )
    assert.ok(phone, 'the demo signs Anna in on a phone')

    const { page, complaints } = await world.open({ as: 'superuser', at: '/console' })
    const seen: string[] = []
    await walkOfNewcomer(page, async name => {
      seen.push(name)
    })
    assert.equal(seen.length, 4)

    assert.deepEqual((await stores.users.rolesOf([anna!.id])).get(anna!.id), ['supervisor', 'user'])
    assert.equal((await stores.sessions.findById(phone.id))?.isActive, false)
    const auditRows = await page.getByRole('row').allInnerTexts()
    assert.ok(
      auditRows.some(text => /supervisor/i.test(text)),
      'the role is in the audit',
    )
    assert.ok(
      auditRows.some(text => /ended/i.test(text)),
      'the end of the session is in the audit',
    )
    assert.deepEqual(complaints, [])
  })
})
