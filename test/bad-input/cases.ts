import type { RegisteredRoute, SampleRequest } from '../support/sample-requests.ts'
import { badIds, badParameters, badValues, type FieldSchema } from './values.ts'

/** One thing sent that does not fit, and what must come back. */
export interface Case {
  readonly what: string
  readonly path?: string
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
  /** One of these, 400 unless said otherwise. */
  readonly status?: readonly number[]
  /** The field that `errors` must name, itself or something below it. */
  readonly field?: string
}

const bodySchemaOf = ({ route }: RegisteredRoute) => route.body as FieldSchema | undefined

/** The body with one field replaced by a text that stands for its value. */
export const withField = (body: object, name: string, value: string): string => {
  const rest = Object.entries(body).filter(([field]) => field !== name)
  const fields = [...rest.map(([field, each]) => `${JSON.stringify(field)}:${JSON.stringify(each)}`)]
  return `{${[...fields, `${JSON.stringify(name)}:${value}`].join()}}`
}

export const nested = (depth: number, open: string, close: string) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`

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

export function* wholeBodyCases(body: object): Generator<Case> {
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
  yield {
    what: 'gzip',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    status: [415],
  }
  for (const type of strangeTypes) {
    yield { what: `content type «${type}»`, headers: { 'content-type': type }, status: [415] }
  }
}

export const strangeTypes = [
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

export function* sizeCases(method: string): Generator<Case> {
  const ofSize = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
  const status = method === 'GET' ? [400, 413] : [413]
  yield { what: '64 KB and a byte', body: ofSize(65_537), status }
  yield { what: '5 MB', body: ofSize(5_000_000), status }
}

export function* queryCases({ path }: SampleRequest, route: RegisteredRoute['route']): Generator<Case> {
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

function* pathCases({ path }: SampleRequest, { path: pattern }: RegisteredRoute['route']): Generator<Case> {
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

/** Everything that is sent to one route and does not fit it, built from a request that would. */
export function* allCases(registered: RegisteredRoute, base: SampleRequest): Generator<Case> {
  const schema = bodySchemaOf(registered)
  if (schema !== undefined) {
    yield* fieldCases(schema, base.body as object)
    yield* wholeBodyCases(base.body as object)
  } else {
    for (const body of ['x', '{"a":1}', '[]', 'null']) yield { what: `a body ${body}`, body, field: 'body' }
  }
  yield* sizeCases(base.method)
  yield* queryCases(base, registered.route)
  yield* pathCases(base, registered.route)
}
