import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { withMuchMail } from '../support/proofs.ts'
import { createSamples, type SampleRequest } from '../support/sample-requests.ts'
import { testWorld } from '../support/world.ts'
import { allCases, type Case } from './cases.ts'
import { faultOf } from './fault-of.ts'

const json = { 'content-type': 'application/json' }

for (const engine of engines) {
  describe(`what does not fit is refused by name and changes nothing, on ${engine}:`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_LOG_LEVEL: 'error', ...withMuchMail } })
    const samples = await createSamples(world)
    const administrator = await world.superuser()
    const { app } = world.server

    const send = (base: SampleRequest, { path = base.path, body, headers = json }: Case) => {
      const payload = body ?? (base.body === undefined ? undefined : JSON.stringify(base.body))
      return world.inject({
        method: base.method as 'GET',
        url: path,
        headers: {
          authorization: `Bearer ${administrator.access}`,
          ...base.headers,
          ...(payload !== undefined && headers),
        },
        ...(payload !== undefined && { payload }),
      })
    }

    // Those of published standards ignore what they do not know: their tests stand beside them.
    for (const registered of app.routes.filter(({ route }) => route.standard === undefined)) {
      const { basePath, route } = registered
      for (const spelling of [route.path, ...(route.deprecatedPaths ?? [])]) {
        it(`${route.method} ${basePath}${spelling}`, async () => {
          const base = await samples.request(registered, administrator, spelling)
          const before = await fingerprint(world)
          const faults: string[] = []
          let count = 0
          for (const each of allCases(registered, base)) {
            count += 1
            const fault = faultOf(each, await send(base, each))
            if (fault !== undefined) faults.push(`${each.what}: ${fault}`)
          }
          assert.deepEqual(faults, [])
          assert.ok(count > 15)
          assert.equal(await fingerprint(world), before)
        })
      }
    }

    it('and the session that asked is still there', async () => {
      assert.equal((await world.call('GET', '/me/', { token: administrator.access })).status, 200)
    })
  })
}
