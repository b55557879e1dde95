import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, describe, it } from 'node:test'
import { connectGate, FeedRejected } from '@propusk/gate'
import { testWorld } from '../support/world.ts'

const key = 'propusk_key'

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** Connects to this address; gives the error by which that ends at once. */
async function refusalOf(issuer: string, withKey = key): Promise<FeedRejected> {
  const error = await connectGate({ issuer, key: withKey, startWithinMs: 60_000 }).then(
    gate => gate.close(),
    (cause: unknown) => cause,
  )
  assert.ok(error instanceof FeedRejected, String(error))
  return error
}

describe('a gate whose issuer is the address of something else', async () => {
  const page = await listen((_request, response) =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html>'),
  )
  const nothing = await listen((_request, response) => response.writeHead(404).end())
  const moved = await listen((_request, response) =>
    response.writeHead(301, { location: 'https://auth.example.com/api/auth/changes/' }).end(),
  )

  it('cannot be connected to a server whose tokens name another address, and is told both', async () => {
    const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: 'https://auth.example.com' } })
    const issuer = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
    const body = { name: 'a service', permissions: ['changes:read'] }
    const { access } = await world.superuser()
    const made = await world.call('POST', '/api_keys/', { token: access, body })
    const { message, status } = await refusalOf(issuer, made.body.key)
    assert.equal(status, 200)
    assert.ok(message.includes(`The server at ${issuer} says that its address is https://auth.example.com`))
    assert.ok(message.includes('give https://auth.example.com as issuer'))
  })

  it('cannot be connected to a site that answers each path with a page, nor to one that knows no feed', async () => {
    assert.match((await refusalOf(page)).message, /answered 200 with text\/html.*there is no feed of changes/)
    assert.match((await refusalOf(nothing)).message, /answered 404: there is no feed of changes/)
  })

  it('cannot be connected to an address that redirects, where its key is not sent on', async () => {
    const { message, status } = await refusalOf(moved)
    assert.equal(status, 301)
    assert.match(
      message,
      /leads? to https:\/\/auth\.example\.com\/api\/auth\/changes\/: give the address of the server itself/,
    )
  })
})

describe('connectGate', () => {
  const wrong: readonly [string, object, RegExp][] = [
    ['an issuer that is no address', { issuer: 'auth.example.com', key }, /issuer is auth\.example\.com/],
    ['no key', { issuer: 'https://auth.example.com', key: undefined }, /key is missing/],
    ['a bound of no time', { issuer: 'https://auth.example.com', key, staleAfterMs: 0 }, /staleAfterMs is 0/],
    [
      'an unknown answer to staleness',
      { issuer: 'https://auth.example.com', key, onStale: 'open' },
      /onStale is open/,
    ],
  ]
  for (const [what, options, fault] of wrong) {
    it(`rejects at once for ${what}`, () => assert.rejects(connectGate(options as never), fault))
  }
})
