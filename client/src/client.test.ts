import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { goodPassword, testWorld } from '../../test/support/world.ts'
import { createClient, memoryTokens, type Operations, ProblemError, type TokenPair } from './index.ts'

const world = await testWorld()
const baseUrl = await world.server.app.listen({ host: '127.0.0.1', port: 0 })

/** A `fetch` that counts the calls of a path. */
function counting(path: string) {
  const counted = { calls: 0 }
  const counter: typeof fetch = (input, init) => {
    if (String(input).endsWith(path)) counted.calls += 1
    return fetch(input, init)
  }
  return { counted, fetch: counter }
}

/** A pair whose access token has just run out, while its refresh token has not. */
async function expiredPair(): Promise<TokenPair> {
  const { access, refresh } = await world.register()
  world.clock.advance(11 * 60_000)
  return { access, refresh }
}

/** Of a sign-in that needs no second step. */
function pairOf(answer: Operations['login']['success']): TokenPair {
  assert.ok(!('next' in answer))
  return answer
}

const problem = (code: string) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error))
  assert.equal(error.code, code)
  return true
}

describe('the client', () => {
  it('signs in, calls and signs out', async () => {
    const { email } = await world.register()
    const tokens = memoryTokens()
    const client = createClient({ baseUrl: `${baseUrl}/`, tokens })
    await tokens.write(pairOf(await client.call('login', { body: { email, password: goodPassword } })))
    const profile = await client.call('readProfile')
    assert.equal(profile.email, email)
    assert.equal(await client.call('logout'), undefined)
    await assert.rejects(client.call('readProfile'), problem('invalid_token'))
  })

  it('shows the device token of a sign-in with the next one, and with no other call', async () => {
    const { email } = await world.register()
    const shown: [string, string | null][] = []
    const looking: typeof fetch = (input, init) => {
      shown.push([new URL(String(input)).pathname, new Headers(init?.headers).get('propusk-device')])
      return fetch(input, init)
    }
    let kept: string | undefined
    const device = {
      read: () => kept,
      write: (token: string) => {
        kept = token
      },
    }
    const tokens = memoryTokens()
    const client = createClient({ baseUrl, tokens, device, fetch: looking })
    const signIn = (password: string) => client.call('login', { body: { email, password } })

    await tokens.write(pairOf(await signIn(goodPassword)))
    const first = kept
    assert.ok(first)
    await client.call('readProfile')
    assert.deepEqual(shown, [
      ['/api/auth/login/', null],
      ['/api/auth/me/', null],
    ])

    // Strangers have used up the free tries of the account: who shows the token does not wait for them.
    const stranger = createClient({ baseUrl })
    for (let attempt = 0; attempt < 12; attempt++) {
      await stranger.call('login', { body: { email, password: `wrong ${attempt}` } }).catch(() => {})
    }
    const refused = stranger.call('login', { body: { email, password: goodPassword } })
    await assert.rejects(refused, problem('too_many_requests'))
    await signIn(goodPassword)
    assert.deepEqual(shown.at(-1), ['/api/auth/login/', first])
    assert.notEqual(kept, first)

    // A rejection gives none, and takes none away.
    const second = kept
    await assert.rejects(signIn('wrong'), ProblemError)
    assert.equal(kept, second)
  })

  it('fills paths and queries, and leaves out what is undefined', async () => {
    const { access, id, email } = await world.superuser()
    const client = createClient({ baseUrl, token: access })
    assert.equal((await client.call('readUser', { params: { id } })).email, email)
    const page = await client.call('listUsers', { query: { search: email, limit: 1, is_active: true } })
    assert.deepEqual(
      page.results.map(user => user.id),
      [id],
    )
  })

  it('reads text answers as text', async () => {
    assert.match(await createClient({ baseUrl }).call('getMetrics'), /^# HELP/)
  })

  it('refuses a path that would lead elsewhere', async () => {
    const client = createClient({ baseUrl })
    for (const id of ['..', '.', '']) {
      await assert.rejects(client.call('readUser', { params: { id: id as never } }), TypeError)
    }
  })

  it('throws what the server refuses, with its code and its fields', async () => {
    const client = createClient({ baseUrl })
    const body = { email: 'no address', password: 'x', password2: 'y' }
    await assert.rejects(client.call('register', { body }), (error: unknown) => {
      assert.ok(error instanceof ProblemError)
      assert.deepEqual([error.status, error.code], [400, 'invalid_request'])
      assert.ok(Object.keys(error.errors).includes('email'))
      assert.match(error.instance ?? '', /^urn:uuid:/)
      return true
    })
    await assert.rejects(client.call('readProfile'), problem('not_authenticated'))
  })

  it('gives the version of a row, and writes on no other', async () => {
    const { access, id } = await world.superuser()
    const client = createClient({ baseUrl, token: access })
    const params = { id }
    const { value, etag } = await client.callVersioned('readUser', { params })
    assert.equal(value.id, id)
    const changed = await client.callVersioned('changeUser', {
      params,
      body: { first_name: 'Ann' },
      ifMatch: etag,
    })
    assert.notEqual(changed.etag, etag)
    const late = client.call('changeUser', { params, body: { first_name: 'Eve' }, ifMatch: etag })
    await assert.rejects(late, problem('precondition_failed'))
  })

  it('passes on the failure of a network, and an abort', async () => {
    await assert.rejects(createClient({ baseUrl: 'http://127.0.0.1:1' }).call('getLiveness'), TypeError)
    const signal = AbortSignal.abort()
    await assert.rejects(createClient({ baseUrl }).call('getLiveness', { signal }), { name: 'AbortError' })
  })
})

describe('a client with a store of tokens', () => {
  it('refreshes a refused access token once, keeps the new pair, and calls again', async () => {
    const tokens = memoryTokens(await expiredPair())
    const { counted, fetch } = counting('/token/refresh/')
    const client = createClient({ baseUrl, fetch, tokens })
    const before = await tokens.read()
    const changed = await client.call('changeProfile', { body: { first_name: 'Anna' } })
    assert.equal(changed.first_name, 'Anna')
    assert.notEqual((await tokens.read())?.refresh, before?.refresh)
    await client.call('readProfile')
    assert.equal(counted.calls, 1)
  })

  it('refreshes once for calls that are refused together', async () => {
    const tokens = memoryTokens(await expiredPair())
    const { counted, fetch } = counting('/token/refresh/')
    const client = createClient({ baseUrl, fetch, tokens })
    const profiles = await Promise.all(Array.from({ length: 8 }, () => client.call('readProfile')))
    assert.equal(new Set(profiles.map(profile => profile.id)).size, 1)
    assert.equal(counted.calls, 1)
  })

  it('uses a pair that another client has refreshed meanwhile', async () => {
    const expired = await expiredPair()
    const next = await createClient({ baseUrl }).call('refreshTokens', { body: { refresh: expired.refresh } })
    let current = expired
    const { counted, fetch } = counting('/token/refresh/')
    const tokens = {
      read: () => {
        const read = current
        current = next
        return read
      },
      write: () => assert.fail('The pair was good.'),
    }
    await createClient({ baseUrl, fetch, tokens }).call('readProfile')
    assert.equal(counted.calls, 0)
  })

  it('forgets the pair and throws the rejection when the session is over', async () => {
    const { access, refresh } = await world.register()
    await createClient({ baseUrl, token: access }).call('logout')
    const tokens = memoryTokens({ access, refresh })
    await assert.rejects(createClient({ baseUrl, tokens }).call('readProfile'), problem('invalid_token'))
    assert.equal(await tokens.read(), undefined)
  })

  it('keeps the pair when the refresh fails for another reason', async () => {
    const pair = await expiredPair()
    const tokens = memoryTokens(pair)
    const failing: typeof fetch = async (input, init) => {
      if (String(input).endsWith('/token/refresh/')) throw new TypeError('fetch failed')
      return fetch(input, init)
    }
    await assert.rejects(createClient({ baseUrl, fetch: failing, tokens }).call('readProfile'), TypeError)
    const { idempotencyKey, ...kept } = (await tokens.read())!
    assert.deepEqual(kept, pair)
    assert.match(idempotencyKey!, /^[0-9a-f]{32}$/, 'with the key that was sent')
  })

  it('sends a refresh whose answer was lost with the same key, hours later', async () => {
    const tokens = memoryTokens(await expiredPair())
    const losing: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      if (String(input).endsWith('/token/refresh/')) throw new TypeError('fetch failed')
      return answer
    }
    await assert.rejects(createClient({ baseUrl, fetch: losing, tokens }).call('readProfile'), TypeError)
    world.clock.advance(3_600_000)
    assert.equal((await createClient({ baseUrl, tokens }).call('readProfile')).is_active, true)
  })

  it('does not refresh after any other rejection', async () => {
    const { access, refresh } = await world.register()
    const { counted, fetch } = counting('/token/refresh/')
    const client = createClient({ baseUrl, fetch, tokens: memoryTokens({ access, refresh }) })
    await assert.rejects(client.call('listUsers'), problem('permission_denied'))
    assert.equal(counted.calls, 0)
  })
})

describe('a client whose server is not what it seems', () => {
  const strangers = createServer((request, response) => {
    if (request.url === '/health/live') response.writeHead(307, { location: `${baseUrl}/health/live` }).end()
    else
      response.writeHead(502, { 'content-type': 'text/html', 'retry-after': '7' }).end('<h1>Bad gateway</h1>')
  })
  after(() => void strangers.close())
  const listening = new Promise<string>(resolve => {
    strangers.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(strangers.address() as AddressInfo).port}`),
    )
  })

  it('follows no redirect', async () => {
    const client = createClient({ baseUrl: await listening, token: 'secret' })
    await assert.rejects(client.call('getLiveness'), TypeError)
  })

  it('says that an answer is not of this API', async () => {
    await assert.rejects(
      createClient({ baseUrl: await listening }).call('getReadiness'),
      (error: unknown) => {
        assert.ok(error instanceof ProblemError)
        assert.deepEqual([error.status, error.code, error.retryAfterSeconds], [502, 'unrecognised', 7])
        return true
      },
    )
  })

  it('has a refused token renewed by its source, and sends the call again', async () => {
    const pair = await expiredPair()
    let current = pair.access
    const client = createClient({
      baseUrl,
      access: {
        read: () => current,
        async renew(refused) {
          assert.equal(refused, pair.access)
          const next = await createClient({ baseUrl }).call('refreshTokens', {
            body: { refresh: pair.refresh },
          })
          current = next.access
          return current
        },
      },
    })
    assert.equal((await client.call('readProfile')).is_active, true)
  })

  it('throws the rejection when its source has no other token', async () => {
    const { access } = await expiredPair()
    const client = createClient({ baseUrl, access: { read: () => access, renew: async () => undefined } })
    await assert.rejects(client.call('readProfile'), problem('invalid_token'))
  })

  it('opens an answer to be read while it comes, and throws where it is no success', async () => {
    const answer = await createClient({ baseUrl }).open('getMetrics')
    assert.match(await answer.text(), /^# HELP/)
    await assert.rejects(createClient({ baseUrl, token: 'x' }).open('readProfile'), problem('invalid_token'))
  })

  it('asks the server for messages in the language of its options', async () => {
    const client = createClient({ baseUrl, token: 'x', language: () => 'ru' })
    await assert.rejects(client.call('readProfile'), ({ detail }: ProblemError) => /[а-я]/.test(detail))
  })
})
