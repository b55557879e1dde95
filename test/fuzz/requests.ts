import { collectionOf } from './collection-of.ts'
import { oddContentTypes, oddHeaders, oddSegments, oddTexts } from './oddities.ts'
import type { Operation } from './operations.ts'
import { makeValue, objectOf, oddValue, type Source } from './values.ts'

export interface FuzzRequest {
  /** The operation that was meant, when the request still has its method and the shape of its path. */
  readonly operation: Operation | undefined
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | Buffer | undefined
  /** Stands in the Authorization header, in one form or another. */
  readonly token: string | undefined
  /** What must not come back, nor be logged. */
  readonly secrets: readonly string[]
}

/** One request: near enough to the operation to be taken seriously, often wrong in a thing or two. */
export function makeRequest(source: Source, operation: Operation): FuzzRequest {
  const { chance } = source
  const body = bodyOf(source, operation)
  const isOtherMethod = chance.often(0.02)
  const isOddPath = chance.often(0.05)
  const path = (isOddPath ? oddPath : pathOf)(source, operation)
  const { token, authorization } = authorizationOf(source)
  const { cookie, ...page } = /\/(?:browser|setup)\//.test(operation.path) ? ownPage(source) : {}
  return {
    operation: isOtherMethod || isOddPath ? undefined : operation,
    method: isOtherMethod
      ? chance.pick(['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])
      : operation.method,
    url: path + queryOf(source, operation),
    ...(operation.takesForm ? withForm : withPayload)(source, body, {
      ...page,
      ...(cookie !== undefined && { cookie: chance.pick(cookieForms).replaceAll('#', cookie) }),
      ...strayHeaders(source),
      ...(authorization !== undefined && { authorization }),
    }),
    token,
    secrets: [token, cookie].filter(each => each !== undefined).concat(secretsIn(body)),
  }
}

function bodyOf(source: Source, { body, takesForm }: Operation): Record<string, unknown> | undefined {
  if (body === undefined) return undefined
  const made = objectOf(source, body)
  const { chance, supplies } = source
  // A token that was given out: revoking it is an act.
  if (takesForm && chance.often(0.8)) made.token = chance.pick([supplies.bearer(), supplies.refreshToken()])
  return made
}

const pathOf = ({ supplies, chance }: Source, { path }: Operation): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    String(supplies.id(name === 'user_id' ? 'users' : collectionOf(path))),
  )
  return chance.often(0.1) ? filled.replace(/(?<=.)\/$/, '') : filled
}

function oddPath({ chance }: Source, { path }: Operation): string {
  if (path.includes('{')) return path.replaceAll(/\{\w+\}/g, () => chance.pick(oddSegments))
  return chance.pick([
    `${path}${chance.pick(oddSegments)}`,
    path.replace('/', '//'),
    `${path}/`,
    path.toUpperCase(),
  ])
}

function queryOf(source: Source, { parameters }: Operation): string {
  const { chance } = source
  const pairs: string[] = []
  for (const { name, in: place, required, schema } of parameters) {
    if (place !== 'query' || !chance.often(required ? 0.95 : 0.25)) continue
    const value = chance.often(0.15) ? oddValue(source) : makeValue(source, name, schema)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    pairs.push(`${name}=${encodeURIComponent(text.toWellFormed())}`)
  }
  if (chance.often(0.03))
    pairs.push(chance.pick(['surprise=1', '%zz=1', '=', '&&', '__proto__=1', 'limit=1&limit=2']))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** A token, and the header that holds it: mostly as it should be. */
function authorizationOf({ chance, supplies }: Source): { token?: string; authorization?: string } {
  if (chance.often(0.06)) return {}
  const token = supplies.bearer()
  if (chance.often(0.95)) return { token, authorization: `Bearer ${token}` }
  if (chance.often(0.5)) return { authorization: chance.pick(oddAuthorizations) }
  const pattern = chance.pick([
    '#',
    'bearer #',
    'Bearer  #',
    'Bearer #=',
    'Basic #',
    'Bearer #,x',
    'Bearer "#"',
  ])
  return { token, authorization: pattern.replace('#', token) }
}

/** What the browser of one of our own pages adds, mostly. */
function ownPage({ chance, supplies }: Source): Record<string, string> {
  const site = chance.often(0.9) ? 'same-origin' : chance.pick(['cross-site', 'same-site', 'none', ''])
  return { 'sec-fetch-site': site, ...(chance.often(0.9) && { cookie: supplies.refreshToken() }) }
}

const cookieForms = [
  ...Array<string>(6).fill('__Host-propusk=#'),
  'a=b; __Host-propusk=#',
  '__Host-propusk=#; __Host-propusk=#',
  '__Host-propusk="#"',
  '__host-propusk=#',
  'x',
]

const oddAuthorizations = [
  'Bearer',
  '',
  'Bearer ..',
  'Bearer a.b.c',
  `Bearer ${'x'.repeat(9_000)}`,
  'Bearer \u00ff',
]

function strayHeaders({ chance }: Source): Record<string, string> {
  if (chance.often(0.7)) return {}
  const name = chance.pick(Object.keys(oddHeaders))
  return { [name]: chance.pick(oddHeaders[name]!) }
}

function withPayload(
  source: Source,
  body: Readonly<Record<string, unknown>> | undefined,
  headers: Readonly<Record<string, string>>,
) {
  const { chance } = source
  if (body === undefined && chance.often(0.97)) return { headers, payload: undefined }
  const type = chance.often(0.97) ? 'application/json' : chance.pick(oddContentTypes)
  const payload = chance.often(0.7) ? JSON.stringify(body ?? {}) : spoiled(source, body ?? {})
  return { headers: { 'content-type': type, ...headers }, payload }
}

/** A form, sometimes with one thing wrong. */
function withForm(
  { chance }: Source,
  body: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>>,
) {
  const type = chance.often(0.95) ? 'application/x-www-form-urlencoded' : chance.pick(oddContentTypes)
  const pairs = Object.entries(body).map(([name, value]) => [name, String(value).toWellFormed()])
  // Credentials in the form and in the header are refused together, so both are rare.
  const kept = pairs.filter(([name]) => !name!.startsWith('client_') || chance.often(0.1))
  const text = String(new URLSearchParams(kept))
  const payload = chance.often(0.8)
    ? text
    : chance.pick<() => string | Buffer>([
        () => `${text}&${text}`,
        () => text.replace('token', chance.pick(['TOKEN', 'token[]', '%74oken', 'token;x'])),
        () => text.slice(0, chance.below(text.length)),
        () => `${text}&${chance.pick(['%zz', '%', '=', '&&&', 'x=%ff', '__proto__=1', 'constructor[a]=1'])}`,
        () => `padding=${'x'.repeat(70_000)}&${text}`,
        () => Buffer.concat([Buffer.from(`${text}&a=`), Buffer.from('ff', 'hex')]),
        () => Buffer.from(text, 'utf16le'),
        () => JSON.stringify(body),
        () => '',
      ])()
  return { headers: { 'content-type': type, ...headers }, payload }
}

/** The body with one thing wrong. */
function spoiled(source: Source, body: Readonly<Record<string, unknown>>): string | Buffer {
  const { chance } = source
  const text = JSON.stringify(body)
  const names = Object.keys(body)
  if (names.length > 0 && chance.often(0.6)) {
    const name = chance.pick(names)
    if (chance.often(0.2)) return JSON.stringify({ ...body, [name]: undefined })
    return JSON.stringify({ ...body, [name]: oddValue(source) })
  }
  if (chance.often(0.4)) return JSON.stringify({ ...body, [chance.pick(oddTexts)]: oddValue(source) })
  return chance.pick<() => string | Buffer>([
    () => text.slice(0, chance.below(text.length)),
    () => `${text}${text}`,
    () => `\ufeff${text}`,
    () => `[${text}]`,
    () => '['.repeat(1 + chance.below(30_000)),
    () => text.replace('{', '{"email":1,"email":2,'),
    () => JSON.stringify({ ...body, padding: 'x'.repeat(70_000) }),
    () => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from('ff', 'hex')]),
    () => Buffer.from(text, 'utf16le'),
    () => chance.pick(['', ' ', 'null', '1', '"x"', 'true', '{a:1}', '{"a":1e999}', '{"a":\t1,}']),
  ])()
}

const secretNames = new Set([
  'password',
  'password2',
  'current_password',
  'refresh',
  'token',
  'client_secret',
])

function secretsIn(body: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const values = Object.entries(body).filter(([name]) => secretNames.has(name))
  // What is shorter is no secret of ours, and may well stand in an answer by chance.
  return values.flatMap(([, value]) =>
    typeof value === 'string' && value.length >= 16 && /^[\x20-\x7e]+$/.test(value) ? value : [],
  )
}
