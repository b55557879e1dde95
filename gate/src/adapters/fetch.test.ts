import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { listen, protects, publishing, shown, testGate } from '../../test/support/protected-api.ts'
import { guard } from './fetch.ts'

describe('a handler of fetch behind guard', () => {
  protects(({ gate, options }) => {
    const documents = guard(
      gate,
      'documents',
      (_request, principal) => Response.json(shown(principal)),
      options,
    )
    const approve = guard(gate, 'documents', () => Response.json({}), { ...options, action: 'approve' })
    const publish = guard(gate, 'documents', () => Response.json({}), { ...options, ...publishing })
    const handlers = { approve, publish, 1: documents, 2: documents }
    return listen(
      getRequestListener(request => {
        const last = new URL(request.url).pathname.split('/').at(-1)
        return (handlers[last as keyof typeof handlers] ?? documents)(request)
      }),
    )
  })

  it('is given what the runtime gives beside the request', async () => {
    const gate = await testGate()
    const fetch = guard(gate, 'documents', (_request, { id }, env: { readonly name: string }) =>
      Response.json([id, env.name]),
    )
    const authorization = `Bearer ${await gate.tokenOf('boris')}`
    const answer = await fetch(new Request('https://api.example.com/', { headers: { authorization } }), {
      name: 'kv',
    })
    assert.deepEqual(await answer.json(), ['2', 'kv'])
  })

  it('rejects for a method that stands for no action', async () => {
    const fetch = guard(await testGate(), 'documents', () => new Response())
    const request = new Request('https://api.example.com/', { method: 'PROPFIND' })
    await assert.rejects(fetch(request), /PROPFIND stands for no action on documents/)
  })
})

describe('an adapter', () => {
  it('refuses a gate that is not connected yet, and names that are none', async () => {
    const gate = await testGate()
    const handler = () => new Response()
    assert.throws(() => guard(testGate() as never, 'documents', handler), /await connectGate/)
    assert.throws(() => guard(undefined as never, 'documents', handler), /gate is missing/)
    for (const name of ['', 'documents:read', undefined]) {
      assert.throws(() => guard(gate, name as string, handler), /resource is/)
    }
    assert.throws(() => guard(gate, 'documents', handler, { action: '' }), /action is/)
    for (const stepUp of [{}, null, { acr: 'aal3' }, { maxAge: 600 }, { acr: 'aal2', maxAgeSeconds: -1 }]) {
      assert.throws(() => guard(gate, 'documents', handler, { stepUp: stepUp as never }), /stepUp is/)
    }
    assert.throws(() => guard(gate, 'documents', handler, { realm: 'a"b' }), /realm/)
    for (const protectedResource of [
      'api.example.com',
      'https://a.example/#x',
      'https://a.example/?',
      'ftp://a.example',
    ]) {
      assert.throws(() => guard(gate, 'documents', handler, { protectedResource }), /protectedResource is/)
    }
  })

  it('puts the path of a resource behind the well-known one (RFC 9728 section 3.1)', async () => {
    const options = { protectedResource: 'https://a.example/api' }
    const fetch = guard(await testGate(), 'documents', () => new Response(), options)
    const url = 'https://a.example/.well-known/oauth-protected-resource/api'
    const { resource } = (await (await fetch(new Request(url))).json()) as { resource: string }
    assert.equal(resource, 'https://a.example/api')
    const refused = await fetch(new Request('https://a.example/api'))
    assert.ok(refused.headers.get('www-authenticate')!.includes(`resource_metadata="${url}"`))
  })
})
