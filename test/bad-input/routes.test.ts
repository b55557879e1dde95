import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { withMuchMail } from '../support/proofs.ts'
import { createSamples, type SampleRequest } from '../support/sample-requests.ts'
import { testWorld } from '../support/world.ts'
import { allCases, type Case } from './cases.ts'
import { faultOf, faultOfOAuth } from './fault-of.ts'
import { casesOfStandard } from './standard-cases.ts'

const json = { 'content-type': 'application/json' }

for (const engine of engines) {
  describe(`what does not fit is refused by name and changes nothing, on ${engine}:`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_LOG_LEVEL: 'error', ...withMuchMail } })
    const samples = await createSamples(world)
    const administrator = await world.superuser()
    const { app } = world.server

    const send = (base: SampleRequest, { path = base.path, body, headers }: Case) => {
      const isForm = typeof base.body === 'string'
      const written = isForm ? base.body : JSON.stringify(base.body)
      const payload = body ?? (base.body === undefined ? undefined : written)
      return world.inject({
        method: base.method as 'GET',
        url: path,
        headers: {
          authorization: `Bearer ${administrator.access}`,
          ...base.headers,
          ...(payload !== undefined && (headers ?? (isForm ? {} : json))),
        },
        ...(payload !== undefined && { payload }),
      })
    }

    for (const registered of app.routes) {
      const { basePath, route } = registered
      const { standard } = route
      const casesOf = standard === undefined ? allCases : casesOfStandard
      const fault = standard?.refuse === undefined ? faultOf : faultOfOAuth
      for (const spelling of [route.path, ...(route.deprecatedPaths ?? [])]) {
        it(`${route.method} ${basePath}${spelling}`, async () => {
          const base = await samples.request(registered, administrator, spelling)
          const before = await fingerprint(world)
          const faults: string[] = []
          let count = 0
          for (const each of casesOf(registered, base)) {
            count += 1
            const found = fault(each, await send(base, each))
            if (found !== undefined) faults.push(`${each.what}: ${found}`)
          }
          assert.deepEqual(faults, [])
          assert.ok(count > (standard === undefined ? 15 : 10))
          assert.equal(await fingerprint(world), before)
        })
      }
    }

    it('and the session that asked is still there', async () => {
      assert.equal((await world.call('GET', '/me/', { token: administrator.access })).status, 200)
    })
  })
}
