import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`a person on ${engine}`, async () => {
    const { call, superuser } = await testWorld({ engine })
    const { access: token } = await superuser()
    const made = await call('POST', '/users/', {
      token,
      body: {
        email: 'a.p@example.com',
        password: 'seven quiet lamps at noon',
        first_name: 'Алёна',
        middle_name: 'Jose\u0301',
        last_name: 'Петрова',
      },
    })
    const finds = async (search: string) => {
      const path = `/users/?search=${encodeURIComponent(search)}`
      const { body } = await call('GET', path, { token })
      return body.results.some(({ id }: { id: number }) => id === made.body.id)
    }

    for (const search of [
      'Алёна Петрова',
      'Петрова Алёна',
      'петрова  АЛЁНА josé',
      'Але\u0308на',
      'Jos\u00e9',
      'jose\u0301 a.p@',
      'п а j',
    ]) {
      it(`is found by ${JSON.stringify(search)}`, async () => assert.equal(await finds(search), true))
    }

    for (const search of ['Алёна Иванова', 'Петрова zzz']) {
      it(`is not found by ${JSON.stringify(search)}`, async () => assert.equal(await finds(search), false))
    }
  })
}
