import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { badIds, badParameters, badValues, type FieldSchema } from './support/bad-values.ts'
import { fingerprint } from './support/fingerprint.ts'
import { type BookedRoute, createSamples, type SampleRequest } from './support/sample-requests.ts'
import { testWorld } from './support/world.ts'

const world = await testWorld({ env: { PROPUSK_LOG_LEVEL: 'error' } })
const samples = await createSamples(world)
const administrator = await world.superuser()
const { app } = world.server
const authorization = `Bearer ${administrator.access}`
const json = { 'content-type': 'application/json' }

/** One thing sent that does not fit, and what must come back. */
interface Case {
  readonly what: string
  readonly path?: string
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
  /** One of these, 400 unless said otherwise. */
  readonly status?: readonly number[]
  /** The field that `errors` must name, itself or something below it. */
  readonly field?: string
}

const codes: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid_request'],
  401: ['not_authenticated', 'invalid_token'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  413: ['too_large'],
  415: ['unsupported_media_type'],
}

/** What is wrong with an answer, or undefined. */
function faultOf(
  { status = [400], field }: Case,
  answer: Awaited<ReturnType<typeof send>>,
): string | undefined {
  const told = `${answer.statusCode} ${answer.payload.slice(0, 300)}`
  if (!status.includes(answer.statusCode)) return `expected ${status.join(' or ')}: ${told}`
  if (!String(answer.headers['content-type']).startsWith('application/problem+json'))
    return `no problem: ${told}`
  const problem = answer.json()
  if (problem.status !== answer.statusCode) return `another status in the body: ${told}`
  if (!codes[problem.status]?.includes(problem.code)) return `another code: ${told}`
  if (!problem.type || !problem.title || !problem.detail) return `type, title or detail is missing: ${told}`
  if (problem.status !== 400) return undefined
  const entries = Object.entries(problem.errors ?? {})
  if (entries.length === 0 || entries.some(([, messages]) => !Array.isArray(messages) || !messages[0])) {
    return `errors name nothing: ${told}`
  }
  const isNamed = entries.some(([name]) => name === field || name.startsWith(`${field}.`))
  return field === undefined || isNamed ? undefined : `errors do not name ${field}: ${told}`
}

const send = (base: SampleRequest, { path = base.path, body, headers = json }: Case) => {
  const payload = body ?? (base.body === undefined ? undefined : JSON.stringify(base.body))
  return app.inject({
    method: base.method as 'GET',
    url: path,
    headers: { authorization, ...(payload !== undefined && headers) },
    ...(payload !== undefined && { payload }),
  })
}

const bodySchemaOf = ({ route }: BookedRoute) => route.body as FieldSchema | undefined

/** The body with one field replaced by a text that stands for its value. */
const withField = (body: object, name: string, value: string): string => {
  const rest = Object.entries(body).filter(([field]) => field !== name)
  const fields = [...rest.map(([field, each]) => `${JSON.stringify(field)}:${JSON.stringify(each)}`)]
  return `{${[...fields, `${JSON.stringify(name)}:${value}`].join()}}`
}

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`

function* fieldCases(schema: FieldSchema, body: object): Generator<Case> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    // The types forbid every value here: the field is named in the schema so that it can be refused by name.
    const values = 'not' in field ? ['"text"', 'null', '1'] : badValues(field)
    for (const value of values) {
      yield { what: `${name}: ${value.slice(0, 40)}`, body: withField(body, name, value), field: name }
    }
    yield { what: `${name} nested`, body: withField(body, name, nested(1000, '[', ']')), status: [400] }
    yield { what: `${name} twice`, body: `{"${name}":1,"${name}":1}`, field: name }
  }
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = body as Record<string, unknown>
    yield { what: `without ${name}`, body: JSON.stringify(rest), field: name }
  }
  const items = schema.properties?.checks?.items
  if (items?.properties !== undefined) {
    yield {
      what: 'unknown below',
      body: withField(body, 'checks', '[{"surprise":1}]'),
      field: 'checks.0.surprise',
    }
  }
  for (const name of [
    'surprise',
    'id',
    'is_admin',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '',
  ]) {
    if (schema.properties?.[name] !== undefined) continue
    yield { what: `unknown ${name}`, body: withField(body, name, '{"a":1}'), ...(name && { field: name }) }
  }
}

function* wholeBodyCases(body: object): Generator<Case> {
  const text = JSON.stringify(body)
  const wholes = [
    'null',
    '[]',
    `[${text}]`,
    '"text"',
    '42',
    'true',
    'nonsense',
    '{"a":',
    `${text}x`,
    `${text}${text}`,
  ]
  wholes.push(
    ' ',
    '{a:1}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":01}',
    '{"a":1,}',
    '{/**/}',
    '\u00a0{}',
    `\ufeff${text}`,
  )
  wholes.push(
    nested(1000, '[', ']'),
    nested(1000, '{"a":', '}'),
    nested(30_000, '[', ']'),
    '['.repeat(60_000),
  )
  for (const whole of wholes) yield { what: `body ${whole.slice(0, 20)}`, body: whole }
  for (const bytes of ['ff', 'c080', 'eda080', 'f8888080', 'e282', 'f4908080']) {
    const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes, 'hex'), Buffer.from('"}')])
    yield { what: `bytes ${bytes}`, body: broken, field: 'body' }
  }
  yield { what: 'UTF-16', body: Buffer.from(text, 'utf16le') }
  yield { what: 'gzip', headers: { ...json, 'content-encoding': 'gzip' }, status: [415] }
  for (const type of strangeTypes) {
    yield { what: `content type «${type}»`, headers: { 'content-type': type }, status: [415] }
  }
}

const strangeTypes = [
  ...[
    'text/plain',
    'text/json',
    'application/xml',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
  ],
  ...[
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-seq',
    'application/ld+json',
    '*/*',
  ],
  ...[
    'application/json\t',
    'application/json\t; charset=utf-8',
    'application/json \tx',
    'application/json;\tcharset=utf-8',
  ],
  ...[
    'application/json x',
    'application /json',
    'application/json,text/plain',
    'application/json; charset=utf-16',
    '',
  ],
  ...[
    'application/json; boundary=x',
    'application/json; charset=utf-8; charset=utf-16',
    'application/problem+json',
  ],
]

function* sizeCases(method: string): Generator<Case> {
  const ofSize = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
  const status = method === 'GET' ? [400, 413] : [413]
  yield { what: '64 KB and a byte', body: ofSize(65_537), status }
  yield { what: '5 MB', body: ofSize(5_000_000), status }
}

function* queryCases({ path }: SampleRequest, route: BookedRoute['route']): Generator<Case> {
  const [address, query = ''] = path.split('?') as [string, string?]
  const rest = (name: string) => query.split('&').filter(pair => pair && !pair.startsWith(`${name}=`))
  const withPair = (name: string, ...pairs: string[]) => `${address}?${[...rest(name), ...pairs].join('&')}`
  const properties: Record<string, FieldSchema> = (route.query as FieldSchema | undefined)?.properties ?? {}
  for (const [name, schema] of Object.entries(properties)) {
    for (const value of badParameters(name, schema)) {
      yield { what: `${name}=${value.slice(0, 40)}`, path: withPair(name, `${name}=${value}`), field: name }
    }
    for (const value of ['%zz', '%', '%ff', '%c0%80', '%ed%a0%80']) {
      yield { what: `${name}=${value}`, path: withPair(name, `${name}=${value}`), field: name }
    }
    yield { what: `${name} twice`, path: withPair(name, `${name}=1`, `${name}=1`), field: name }
    for (const other of [`${name}[]`, `${name}[a]`, name.toUpperCase(), `${name}.`]) {
      yield { what: `${other} for ${name}`, path: withPair('-', `${other}=1`), field: other }
    }
  }
  for (const name of ['surprise', '__proto__', 'constructor', 'toString', 'access_token', '']) {
    yield { what: `?${name}=`, path: withPair('-', `${name}=1`), ...(name && { field: name }) }
  }
  for (const pair of ['%zz=1', '%ff=1', '%00=1', '%=1']) {
    yield { what: `?${pair}`, path: withPair('-', pair), field: 'query' }
  }
}

function* pathCases({ path }: SampleRequest, { path: pattern }: BookedRoute['route']): Generator<Case> {
  const name = /:(\w+)/.exec(pattern)?.[1]
  for (const bad of ['%zz', '%', '%c3%28', '%ed%a0%80']) {
    const tail = name === undefined ? path.replace(/\/(\?|$)/, `/${bad}$1`) : path.replace(/\d+/, bad)
    yield { what: `path ${bad}`, path: tail, status: [400] }
  }
  if (name === undefined) return
  const replaced = (id: string) => path.replace(/\/\d+(?=\/)/, `/${id}`)
  for (const id of badIds) yield { what: `id ${id}`, path: replaced(id), field: name }
  yield { what: 'no id', path: replaced(''), status: [400, 404] }
  yield { what: 'two segments', path: replaced('1%2F2'), field: name }
  yield { what: 'a long id', path: replaced('1'.repeat(10_000)), status: [400, 404] }
}

function* allCases(booked: BookedRoute, base: SampleRequest): Generator<Case> {
  const schema = bodySchemaOf(booked)
  if (schema !== undefined) {
    yield* fieldCases(schema, base.body as object)
    yield* wholeBodyCases(base.body as object)
  } else {
    for (const body of ['x', '{"a":1}', '[]', 'null']) yield { what: `a body ${body}`, body, field: 'body' }
  }
  yield* sizeCases(base.method)
  yield* queryCases(base, booked.route)
  yield* pathCases(base, booked.route)
}

describe('what does not fit is refused by name, and changes nothing:', () => {
  for (const booked of app.routes) {
    const { basePath, route } = booked
    for (const spelling of [route.path, ...(route.deprecatedPaths ?? [])]) {
      it(`${route.method} ${basePath}${spelling}`, async () => {
        const base = await samples.request(booked, administrator, spelling)
        const before = await fingerprint(world)
        const faults: string[] = []
        let count = 0
        for (const each of allCases(booked, base)) {
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

describe('over a socket', async () => {
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))

  /** A request as it is written: nothing normalises the path, and a header may stand in it twice. */
  const raw = (method: string, path: string, headers: readonly string[], chunks: readonly string[] = []) =>
    new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const { hostname: host, port } = address
      const sent = request(
        { host, port, method, path, headers: ['Host', address.host, ...headers] },
        answer => {
          const parts: Buffer[] = []
          answer.on('data', part => parts.push(part))
          answer.on('end', () => {
            const body = Buffer.concat(parts).toString()
            resolve({ status: answer.statusCode!, body: body === '' ? {} : JSON.parse(body) })
          })
        },
      )
      // A refused body may be cut off while it is still being sent; what counts is the answer.
      sent.on('error', error => ('code' in error && error.code === 'EPIPE' ? undefined : reject(error)))
      for (const chunk of chunks) sent.write(chunk)
      sent.end()
    })

  const bearer = ['Authorization', authorization]

  it('two Authorization headers are no Authorization header, on every route that asks for one', async () => {
    const before = await fingerprint(world)
    const other = ['authorization', 'Bearer x']
    for (const { basePath, route } of app.routes.filter(({ route }) => route.access !== 'public')) {
      const path = basePath + route.path.replace(/:\w+/, '1')
      for (const headers of [
        [...bearer, ...bearer],
        [...bearer, ...other],
        [...other, ...bearer],
      ]) {
        const { status, body } = await raw(route.method, path, headers)
        assert.deepEqual([status, body.code], [401, 'not_authenticated'], `${route.method} ${path}`)
      }
    }
    assert.equal(await fingerprint(world), before)
  })

  it('only one Bearer token after one space is a usable Authorization header', async () => {
    const token = administrator.access
    const notUsable = [
      '',
      'Bearer',
      'Bearer ',
      token,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      `Bearer\t${token}`,
    ]
    notUsable.push(
      `Basic ${token}`,
      `Bearer,${token}`,
      `Token ${token}`,
      `Bearer="${token}"`,
      `Bearer \u00ff`,
    )
    for (const value of notUsable) {
      const { status, body } = await raw('GET', '/api/auth/me/', ['Authorization', value])
      assert.deepEqual([status, body.code], [401, 'not_authenticated'], value.replace(token, '…'))
    }
    for (const value of [`Bearer ${token},${token}`, `Bearer "${token}"`, `Bearer ${token}=`]) {
      const { status, body } = await raw('GET', '/api/auth/me/', ['Authorization', value])
      assert.deepEqual([status, body.code], [401, 'invalid_token'], value.replaceAll(token, '…'))
    }
    assert.equal((await raw('GET', '/api/auth/me/', ['Authorization', `bearer ${token}`])).status, 200)
  })

  it('a token in the query, the body or a cookie opens nothing', async () => {
    const { access } = administrator
    const path = `/api/auth/me/?access_token=${access}`
    assert.equal((await raw('GET', path, [])).body.code, 'not_authenticated')
    assert.equal((await raw('GET', path, bearer)).status, 400)
    const cookie = ['Cookie', `access=${access}; token=${access}`, 'X-Access-Token', access]
    assert.equal((await raw('GET', '/api/auth/me/', cookie)).body.code, 'not_authenticated')
  })

  it('dots in a path lead nowhere', async () => {
    const before = await fingerprint(world)
    for (const path of [
      '/api/auth/me/sessions/../',
      '/api/auth/me/sessions/%2e%2e/',
      '/api/auth/./me/',
      '/../me/',
    ]) {
      const { status } = await raw('DELETE', path, bearer)
      assert.ok(status === 400 || status === 404, `${path}: ${status}`)
    }
    assert.equal(await fingerprint(world), before)
  })

  it('five megabytes in pieces, without a length, are too large', async () => {
    const piece = 'x'.repeat(100_000)
    const headers = ['Content-Type', 'application/json', 'Transfer-Encoding', 'chunked']
    const { status, body } = await raw('POST', '/api/auth/login/', headers, [
      '{"email":"',
      ...Array(50).fill(piece),
    ])
    assert.deepEqual([status, body.code], [413, 'too_large'])
  })
})
