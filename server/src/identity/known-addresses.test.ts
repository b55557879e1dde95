import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

const world = await testWorld()
const admin = await world.superuser()

/** An account from a release that took such an address. */
async function accountOf(email: string) {
  const account = await world.register()
  await world.core.database.transaction(trx =>
    trx.updateTable('users').set({ email }).where('id', '=', account.id).execute(),
  )
  return { ...account, email }
}

describe('an account whose address the rules of today would refuse', () => {
  for (const [title, email] of [
    ['a domain without a dot', 'root@intranet'],
    ['a long local part', `${'a'.repeat(90)}@example.com`],
  ] as const) {
    it(`signs in, and is changed while the address stays: ${title}`, async () => {
      const account = await accountOf(email)
      await world.login(account)
      const path = `/users/${account.id}/`
      const kept = await world.call('PATCH', path, {
        token: admin.access,
        body: { email: email.toUpperCase(), first_name: 'Ann' },
      })
      assert.deepEqual([kept.status, kept.body.email], [200, email])

      const moved = await world.call('PATCH', path, {
        token: admin.access,
        body: { email: `x${email}` },
      })
      assert.deepEqual([moved.status, Object.keys(moved.body.errors)], [400, ['email']])
    })
  }
})

describe('an internationalised address', () => {
  it('is one account, however its domain is written', async () => {
    const body = { email: 'Ann@Пример.РФ', password: goodPassword, password2: goodPassword }
    const opened = await world.call('POST', '/register/', { body })
    assert.equal(opened.body.user.email, 'ann@xn--e1afmkfd.xn--p1ai')
    for (const email of ['ann@пример.рф', 'ANN@XN--E1AFMKFD.xn--p1ai']) {
      await world.login({ email, password: goodPassword })
      const again = await world.call('POST', '/register/', { body: { ...body, email } })
      assert.equal(again.status, 409)
    }
  })

  it('is taken with an apostrophe', async () => {
    const body = { email: "O'Neil@example.com", password: goodPassword, password2: goodPassword }
    assert.equal((await world.call('POST', '/register/', { body })).body.user.email, "o'neil@example.com")
  })
})
