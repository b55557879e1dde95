import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Type } from '../schema.ts'
import { testApp, testRoutes } from '../testing/test-app.ts'

type Json = Record<string, unknown>
type Operation = Json & { operationId: string; responses: Record<string, Json> }

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Json>>
  readonly servers: readonly { readonly url: string }[]
}

const documentOf = async (options: Parameters<typeof testApp>[0] = {}) =>
  (await testApp(options).app.inject('/openapi.json')).json<Document>()
const document = await documentOf({ version: '1.2.3', publicUrl: 'https://id.example.org/auth/' })
const operation = (path: string, method: string) => document.paths[path]?.[method] as Operation

describe('the OpenAPI document', () => {
  it('has every route under every spelling, the older ones marked', () => {
    for (const route of testRoutes) {
      for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
        const found = operation(`/api/test${path.replace(':id', '{id}')}`, route.method.toLowerCase())
        assert.equal(found.deprecated === true, path !== route.path, path)
      }
    }
    const ids = Object.values(document.paths).flatMap(item =>
      Object.values(item).map(each => (each as Operation).operationId),
    )
    assert.equal(new Set(ids).size, ids.length)
  })

  it('says who may call and what each call can answer', () => {
    const create = operation('/api/test/items/', 'post')
    assert.equal(create['x-permission'], 'items:create')
    assert.match(String(create.description), /`items:create`/)
    assert.deepEqual(create.security, [{ bearerAuth: [] }])
    assert.deepEqual(Object.keys(create.responses), [
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '429',
      '503',
    ])
    const list = operation('/api/test/items/', 'get')
    assert.deepEqual(list.security, [])
    assert.deepEqual(Object.keys(list.responses), ['200', '400', '503'])
    assert.equal(operation('/api/test/items/{id}/approve/', 'post')['x-permission'], 'items:approve')
  })

  it('resolves every reference, and refers to every component', () => {
    const text = JSON.stringify(document)
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(([, a, b]) => `${a}/${b}`),
    )
    const { securitySchemes: _, ...kinds } = document.components
    const present = Object.entries(kinds).flatMap(([kind, all]) =>
      Object.keys(all).map(name => `${kind}/${name}`),
    )
    assert.deepEqual([...references].toSorted(), present.toSorted())
  })

  it('names schemas once and keeps our own annotations to itself', () => {
    assert.ok('ItemCreate' in document.components.schemas!)
    assert.doesNotMatch(JSON.stringify(document), /\$id|x-message|x-read-only|"~/)
    const create = document.components.schemas!
    assert.deepEqual((create.ItemCreate as { properties: Json }).properties.note, {
      type: ['string', 'null'],
      maxLength: 5,
    })
  })

  it('refuses two different schemas of one name', async () => {
    const { app, log } = testApp()
    const [first] = testRoutes
    const schema = Type.String({ $id: 'Item' })
    app.register('/other', [{ ...first!, operationId: 'other', success: { ...first!.success, schema } }])
    assert.equal((await app.inject('/openapi.json')).statusCode, 500)
    assert.match(JSON.stringify(log), /Two different schemas have the \$id Item/)
  })

  it('calls the host that shows it, below the path of the public address', async () => {
    assert.equal(document.servers[0]?.url, '/auth')
    assert.equal((await documentOf({ publicUrl: 'http://localhost:8000' })).servers[0]?.url, '/')
  })

  it('has problems that are those that the server sends', async () => {
    const answer = await testApp().app.inject('/nowhere')
    const example = (document.components.examples as Record<string, { value: Json }>).NotFound!.value
    assert.deepEqual({ ...answer.json<Json>(), instance: '' }, { ...example, instance: '' })
  })

  it('pleases the linter, with nothing to warn of', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    try {
      const path = join(folder, 'openapi.json')
      await writeFile(path, JSON.stringify(document))
      await writeFile(
        join(folder, 'redocly.yaml'),
        'extends: [recommended]\nrules: { no-path-trailing-slash: off }\n',
      )
      const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [join(dirname(manifest), 'bin/cli.js'), 'lint', '--format=json', path],
        {
          cwd: folder,
          env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        },
      )
      assert.deepEqual(JSON.parse(stdout).totals, { errors: 0, warnings: 0, ignored: 0 }, stdout + stderr)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
