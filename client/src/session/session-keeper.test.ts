import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { createClient, createSession, isProblem, memoryTokens, rowsOf, type TokenStore } from '../index.ts'

const world = await testWorld()
const baseUrl = await world.server.app.listen({ host: '127.0.0.1', port: 0 })

const sessionOf = (store: TokenStore, name: string, fetch?: typeof globalThis.fetch) =>
  createSession({ baseUrl, store, name, ...(fetch && { platform: { fetch } }) })

async function expiredStore(): Promise<TokenStore> {
  const { access, refresh } = await world.register()
  world.clock.advance(11 * 60_000)
  return memoryTokens({ access, refresh })
}

/** Counts the refreshes, and lets `answer` decide what becomes of each. */
function refreshes(answer: (calls: number, given: Response) => Response) {
  const counted = { calls: 0 }
  const counting: typeof fetch = async (input, init) => {
    const given = await fetch(input, init)
    return String(input).endsWith('/token/refresh/') ? answer(++counted.calls, given) : given
  }
  return { counted, fetch: counting }
}

describe('a session that is kept', () => {
  it('signs in, takes up what the store holds, and signs out on the server', async () => {
    const { email, password } = await world.register()
    const store = memoryTokens()
    const first = sessionOf(store, 'whole')
    assert.equal(await first.start(), 'signed-out')
    await first.signIn({ email, password })
    const second = sessionOf(store, 'whole-2')
    assert.equal(await second.start(), 'signed-in')
    const pair = await store.read()
    await second.signOut()
    assert.equal(await store.read(), undefined)
    await assert.rejects(createClient({ baseUrl, token: pair!.access }).call('readProfile'), error =>
      isProblem(error, 'invalid_token'),
    )
    first.close()
    second.close()
  })

  it('refreshes once for two tabs that are refused together', async () => {
    const store = await expiredStore()
    const { counted, fetch } = refreshes((_, given) => given)
    const tabs = [sessionOf(store, 'two', fetch), sessionOf(store, 'two', fetch)]
    await Promise.all(tabs.map(tab => tab.start()))
    await Promise.all(tabs.map(tab => tab.client.call('readProfile')))
    assert.equal(counted.calls, 1)
    for (const tab of tabs) tab.close()
  })

  it('asks again with the same token after an answer that was lost', async () => {
    const { counted, fetch } = refreshes((calls, given) => {
      if (calls === 1) throw new TypeError('fetch failed')
      return given
    })
    const session = sessionOf(await expiredStore(), 'lost', fetch)
    await session.start()
    assert.equal((await session.client.call('readProfile')).is_active, true)
    assert.equal(counted.calls, 2)
    session.close()
  })

  it('repeats a refresh whose answer was lost with its key: a restarted one too, hours later', async () => {
    const store = await expiredStore()
    const keys: (string | null)[] = []
    let isLost = true
    const losing: typeof fetch = async (input, init) => {
      const given = await fetch(input, init)
      if (!String(input).endsWith('/token/refresh/')) return given
      keys.push(new Headers(init?.headers).get('idempotency-key'))
      if (isLost) throw new TypeError('fetch failed')
      return given
    }
    const before = sessionOf(store, 'restarted', losing)
    await before.start()
    await assert.rejects(before.client.call('readProfile'), TypeError)
    before.close()
    const sent = keys.length
    assert.deepEqual(new Set(keys), new Set([(await store.read())!.idempotencyKey]))

    world.clock.advance(3 * 3_600_000)
    isLost = false
    const restarted = sessionOf(store, 'restarted', losing)
    await restarted.start()
    assert.equal((await restarted.client.call('readProfile')).is_active, true)
    assert.deepEqual([keys.length, keys[sent]], [sent + 1, keys[0]])
    const { idempotencyKey } = (await store.read())!
    assert.ok(idempotencyKey !== undefined && idempotencyKey !== keys[0], 'another for the next token')
    restarted.close()
  })

  it('ends what it still asks once another tab tells of a newer token', async () => {
    const store = await expiredStore()
    const signals: AbortSignal[] = []
    const hanging = (_: unknown, init?: RequestInit) => {
      signals.push(init!.signal!)
      return new Promise<Response>(() => {})
    }
    const { access } = (await store.read())!
    const withLock = <T>(_name: string, _signal: AbortSignal, act: () => Promise<T>) => act()
    const platform = { withLock, fetch: hanging as typeof fetch }
    const slow = createSession({ baseUrl, store, name: 'told', platform })
    const quick = createSession({ baseUrl, store, name: 'told', platform: { withLock } })
    await Promise.all([slow.start(), quick.start()])
    const [ofSlow, ofQuick] = await Promise.all([slow.renew(access), quick.renew(access)])
    assert.equal(ofSlow, ofQuick)
    assert.notEqual(ofSlow, access)
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    )
    slow.close()
    quick.close()
  })

  it('stays signed in while the server cannot be asked', async () => {
    const store = await expiredStore()
    const { fetch } = refreshes(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    const session = sessionOf(store, 'unreachable', fetch)
    await session.start()
    await assert.rejects(session.client.call('readProfile'), error => isProblem(error, 'unrecognised'))
    assert.equal(session.state, 'signed-in')
    assert.ok(await store.read())
    session.close()
  })

  it('is signed out by the rejection of the server, and tells', async () => {
    const store = await expiredStore()
    await createClient({ baseUrl }).call('revokeToken', { body: { refresh: (await store.read())!.refresh } })
    const session = sessionOf(store, 'over')
    const states: string[] = []
    session.onChange(state => states.push(state))
    await session.start()
    await assert.rejects(session.client.call('readProfile'), error => isProblem(error, 'invalid_token'))
    assert.deepEqual(states, ['signed-in', 'signed-out'])
    assert.equal(await store.read(), undefined)
    session.close()
  })
})

describe('the rows of a list', () => {
  it('come page after page, each once', async () => {
    const { access } = await world.superuser()
    const client = createClient({ baseUrl, token: access })
    const ids: number[] = []
    for await (const user of rowsOf(client, 'listUsers', { query: { limit: 2 } })) ids.push(user.id)
    assert.ok(ids.length > 4)
    assert.equal(new Set(ids).size, ids.length)
  })
})
