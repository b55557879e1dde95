import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import { engines } from '../support/engines.ts'
import { injectHead } from '../support/inject-head.ts'
import { stoppedClock } from '../support/stopped-clock.ts'
import { unthrottled } from '../support/throttle.ts'
import { testWorld, type World } from '../support/world.ts'
import { createChance } from './chance.ts'
import { faultOf } from './check-answer.ts'
import { readOperations } from './operations.ts'
import { type FuzzRequest, makeRequest } from './requests.ts'
import { createSupplies } from './supplies.ts'

/**
 * `npm run test:long` sends the same few requests each time; `npm run fuzz -- --requests 100000` sends others, and `--seed`
 * those of an earlier run again. Half of them go to each engine; `--engine sqlite` or `postgres` leaves out the other half.
 */
const { values } = parseArgs({
  options: { requests: { type: 'string' }, seed: { type: 'string' }, engine: { type: 'string' } },
})
const asked = engines.filter(engine => values.engine === undefined || values.engine === engine)
if (asked.length === 0) throw new Error(`There is no engine ${values.engine}: ${engines.join(' or ')}.`)
const requests = Math.ceil(Number(values.requests ?? 1_200) / engines.length)
const seed = Number(values.seed ?? (values.requests === undefined ? 20_261 : randomInt(2 ** 31)))

/** How many requests come between two deliveries of new people and rows. */
const deliveryEvery = 100
/** What passes now and then: the bound of the gate's staleness, and the life of an access token. */
const pausesMs = [1, 900, 1_001, 10_001, 300_000]

async function send({ inject }: World, { method, url, headers, payload }: FuzzRequest) {
  const request = { method: method as 'GET', url, headers, ...(payload !== undefined && { payload }) }
  // A made-up address, such as /events/. is, may lead to a stream without an end.
  return await injectHead(inject, request)
}

/** Refused for the token alone, which was presented as it should be. */
const isTurnedAway = ({ token, headers }: FuzzRequest, { payload }: { payload: string }) =>
  headers.authorization === `Bearer ${token}` && payload.includes('"invalid_token"')

const shown = ({ method, url, headers, payload }: FuzzRequest) =>
  `${method} ${url} ${JSON.stringify(headers)} ${String(payload).slice(0, 500)}`

for (const engine of asked) {
  describe(`requests made up from the document, on ${engine}`, async () => {
    const world = await testWorld({ engine, clock: stoppedClock(), env: unthrottled })
    const operations = readOperations()

    it('never meet a fault, an answer of another form, or their own secrets', async t => {
      const chance = createChance(seed)
      const supplies = await createSupplies(world, chance)
      const tally = new Map<number, number>()
      for (let index = 0; index < requests; index++) {
        if (index % deliveryEvery === 0 || !supplies.isStocked()) await supplies.replenish()
        if (chance.often(0.01)) world.clock.advance(chance.pick(pausesMs))
        const request = makeRequest({ chance, supplies }, chance.pick(operations))
        world.log.length = 0
        const answer = await send(world, request)
        const fault = faultOf(request, answer, world.log.join('\n'))
        assert.equal(
          fault,
          undefined,
          `${fault}: request ${index} of seed ${seed} on ${engine}\n${shown(request)}\n` +
            `${answer.statusCode} ${answer.payload.slice(0, 1_000)}\n${world.log.join('').slice(0, 2_000)}`,
        )
        if (isTurnedAway(request, answer)) supplies.bury(request.token!)
        tally.set(answer.statusCode, (tally.get(answer.statusCode) ?? 0) + 1)
        if (answer.statusCode < 300 && /^application\/json\b/.test(String(answer.headers['content-type']))) {
          supplies.learn(request.url, JSON.parse(answer.payload))
        }
      }
      t.diagnostic(
        `seed ${seed}, ${requests} requests on ${engine}: ${JSON.stringify(Object.fromEntries(tally))}`,
      )
    })
  })
}
