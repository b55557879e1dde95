import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Route } from './route.ts'
import { RouteRegistry } from './route-registry.ts'
import { Type } from './schema.ts'

const sound: Route = {
  method: 'GET',
  path: '/things/',
  access: 'authenticated',
  operationId: 'listThings',
  tag: 'Things',
  summary: 'List things',
  description: 'All of them.',
  success: { status: 200, description: 'The things.', schema: Type.Array(Type.String()) },
  handler: () => [],
}

const rejection = (change: Partial<Record<keyof Route, unknown>>) => {
  try {
    new RouteRegistry().add('/api', { ...sound, ...change } as Route)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the route was taken')
}

describe('the route book', () => {
  it('takes a sound route', () => {
    const registry = new RouteRegistry()
    registry.add('/api', sound)
    assert.equal(registry.routes.length, 1)
  })

  it('refuses a route that does not say who may call it, and names the route', () => {
    for (const access of [
      undefined,
      null,
      '',
      'anyone',
      true,
      {},
      { resource_name: '' },
      { resource_name: 'A b' },
      { resource_name: 'a', action: 'B' },
      { resource_name: 'a:b' },
      { resource_name: 'a', also: null },
      { resource_name: 'a', also: 'b:c' },
      { resource_name: 'a', also: { resource_name: 'b' } },
      { resource_name: 'a', also: { resource_name: 'b', action: 'C' } },
    ]) {
      assert.match(rejection({ access }), /GET \/api\/things\/ \(listThings\)/, JSON.stringify(access))
    }
    const { access: _, ...withoutAccess } = sound
    assert.throws(
      () => new RouteRegistry().add('/api', withoutAccess as Route),
      /does not say who may call it/,
    )
  })

  it('refuses a second route with the same operationId', () => {
    const registry = new RouteRegistry()
    registry.add('/api', sound)
    assert.throws(() => registry.add('/api', { ...sound, path: '/others/' }), /\/api\/others\/.*operationId/)
  })

  it('refuses paths without their slashes and parameters that do not match', () => {
    assert.match(rejection({ path: '/things' }), /slash/)
    assert.match(rejection({ path: 'things/' }), /slash/)
    assert.match(rejection({ path: '/things/*/' }), /slash/)
    assert.match(rejection({ deprecatedPaths: ['/thing'] }), /slash/)
    assert.match(rejection({ path: '/things/:id/' }), /params/)
    assert.match(rejection({ params: Type.Object({ id: Type.Integer() }) }), /params/)
    assert.match(rejection({ deprecatedPaths: ['/things/:id/'] }), /other parameters/)
  })

  it('refuses a body or a query that takes unknown fields at any depth', () => {
    const open = Type.Object({ a: Type.String() })
    const closed = { additionalProperties: false } as const
    assert.match(rejection({ method: 'POST', body: open }), /unknown fields/)
    assert.match(
      rejection({ method: 'POST', body: Type.Object({ list: Type.Array(open) }, closed) }),
      /unknown fields/,
    )
    assert.match(rejection({ query: open }), /unknown parameters/)
  })

  it('refuses a PATCH that would take a body without any field', () => {
    const body = Type.Object({ a: Type.Optional(Type.String()) }, { additionalProperties: false })
    assert.match(rejection({ method: 'PATCH', body }), /minProperties/)
    assert.match(rejection({ method: 'PATCH' }), /minProperties/)
  })

  it('refuses a GET with a body, and a 204 with one', () => {
    assert.match(rejection({ body: Type.Object({}, { additionalProperties: false }) }), /GET with a body/)
    assert.match(rejection({ success: { ...sound.success, status: 204 } }), /204/)
  })

  it('refuses a call for pages of our own that would need no preflight', () => {
    assert.match(rejection({ access: 'browser', method: 'POST' }), /form of another site/)
  })
})
