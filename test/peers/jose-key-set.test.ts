import assert from 'node:assert/strict'
import { after, before, describe, it, mock } from 'node:test'
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import { unthrottled } from '../support/throttle.ts'
import { type TestClock, testWorld, type World } from '../support/world.ts'

const issuer = 'http://localhost:8000'

/** One time for the server, the cache and jose, which moves only when it is told to. */
let steppedMs = 0
const clock: TestClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Date.now() - steppedMs,
  advance: ms => mock.timers.setTime(Date.now() + ms),
  step(ms) {
    steppedMs += ms
    mock.timers.setTime(Date.now() + ms)
  },
}

type Fetch = (url: string) => Promise<Response>

const fetchFrom =
  ({ call }: World): Fetch =>
  async url => {
    const { status, text, headers } = await call('GET', new URL(url).pathname)
    return new Response(text, { status, headers: { 'cache-control': String(headers['cache-control']) } })
  }

/** A shared cache that obeys Cache-Control (RFC 9111 section 4.2): what is fresh is served without asking. */
function cachingProxy(origin: Fetch): Fetch {
  let stored: { readonly body: string; readonly atMs: number; readonly maxAgeMs: number } | undefined
  return async url => {
    if (stored === undefined || Date.now() - stored.atMs >= stored.maxAgeMs) {
      const answer = await origin(url)
      const maxAge = /\bmax-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1]
      stored = { body: await answer.text(), atMs: Date.now(), maxAgeMs: Number(maxAge ?? 0) * 1000 }
    }
    return new Response(stored.body)
  }
}

/** Another service, as most are written: jose with its defaults. */
function service(fetchKeys: Fetch) {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    [customFetch]: fetchKeys as never,
  })
  return (token: string) => jwtVerify(token, keySet, { issuer, typ: 'at+jwt' })
}

describe('services that verify tokens with jose behind a cache, while a key is rotated', () => {
  before(() => mock.timers.enable({ apis: ['Date'], now: Date.now() }))
  after(() => mock.timers.reset())

  it('refuse no token, whenever they have fetched the key set and why', async () => {
    const world = await testWorld({ env: unthrottled, clock })
    const account = await world.register()
    const origin = fetchFrom(world)
    const proxies = Array.from({ length: 4 }, () => cachingProxy(origin))
    const services = Array.from({ length: 40 }, (_, index) => service(proxies[index % proxies.length]!))
    const foreign = account.access.replace(/^[^.]+/, head =>
      Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(head, 'base64url').toString()), kid: 'unknown' }),
      ).toString('base64url'),
    )
    const kids = new Set<string>()
    let refused = 0

    for (let second = 0; second < 480; second++) {
      // By then each service and each cache holds the key set without it.
      if (second === 100) await world.server.keys.publishNext()
      if (second % 20 === 19) await world.server.keys.rotateIfDue()
      const { access } = await world.login(account)
      const asked = services.filter((_, index) => (second + index * 7) % 23 < 3)
      for (const verify of asked) {
        const { protectedHeader } = await verify(access).catch(error => {
          refused += 1
          return error instanceof errors.JWKSNoMatchingKey ? { protectedHeader: {} } : Promise.reject(error)
        })
        if ('kid' in protectedHeader) kids.add(protectedHeader.kid!)
      }
      // A token of nobody makes a service fetch the key set, and hold off from fetching it again.
      for (const [index, verify] of services.entries()) {
        if ((second + index * 5) % 31 === 0) await assert.rejects(verify(foreign), errors.JWKSNoMatchingKey)
      }
      clock.advance(1_000)
    }
    assert.equal(kids.size, 2, 'tokens of both keys were seen')
    assert.equal(refused, 0)
  })
})
