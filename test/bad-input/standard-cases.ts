import type { RegisteredRoute, SampleRequest } from '../support/sample-requests.ts'
import { type Case, nested, queryCases, sizeCases, strangeTypes, wholeBodyCases, withField } from './cases.ts'
import { badValues, type FieldSchema } from './values.ts'

const schemaOf = ({ route }: RegisteredRoute) => (route.body ?? {}) as FieldSchema

/** Members that a standard does not know, which it wants ignored (RFC 7662 section 2.1, AuthZEN 1.0 section 5.4). */
const unknownNames = ['surprise', 'id', 'is_admin', 'toString', 'hasOwnProperty']

/** Names that could change what an object is. In JSON they are refused wherever they stand, also below ignored members. */
const poisonousNames = ['__proto__', 'constructor', 'prototype']

/** In a body of another media type a standard sees a malformed request, not a type that is missing. */
const asMalformed = (each: Case): Case => (each.status?.includes(415) ? { ...each, status: [400] } : each)

/** JSON as AuthZEN has it: as strict as ours, but for members that it does not know. */
function* jsonCases(registered: RegisteredRoute, body: object): Generator<Case> {
  const { properties = {}, required = [] } = schemaOf(registered)
  for (const [name, field] of Object.entries(properties)) {
    // What stands in a list of evaluations is judged one by one, and answered in its place.
    const { items: _, ...whole } = field
    for (const value of badValues(whole)) {
      yield { what: `${name}: ${value.slice(0, 40)}`, body: withField(body, name, value), field: name }
    }
    yield { what: `${name} nested`, body: withField(body, name, nested(1000, '[', ']')) }
    yield { what: `${name} twice`, body: `{"${name}":{},"${name}":{}}`, field: name }
  }
  for (const name of required) {
    const { [name]: _, ...rest } = body as Record<string, unknown>
    yield { what: `without ${name}`, body: JSON.stringify(rest), field: name }
  }
  for (const name of unknownNames) {
    yield { what: `unknown ${name}`, body: withField(body, name, '{"a":1}'), status: [200] }
  }
  for (const name of poisonousNames) {
    yield { what: `unknown ${name}`, body: withField(body, name, '{"a":1}'), field: name }
    yield {
      what: `${name} below`,
      body: withField(body, 'surprise', `{"${name}":1}`),
      field: `surprise.${name}`,
    }
  }
  for (const each of wholeBodyCases(body)) yield asMalformed(each)
}

/** Forms as OAuth has them (RFC 6749 section 3.2 and appendix B): no parameter twice, an empty one is none. */
function* formCases({ route }: RegisteredRoute, form: string): Generator<Case> {
  // A token that no session has, so that what is taken changes nothing.
  const taken = 'token=unknown'
  const bodies: readonly (readonly [string, string?])[] = [
    ['', 'token'],
    [' ', 'token'],
    ['&&&', 'token'],
    ['token', 'token'],
    ['token=', 'token'],
    ['TOKEN=x', 'token'],
    ['token[]=x', 'token'],
    ['token%5Ba%5D=x', 'token'],
    ['a=1;token=x', 'token'],
    ['{"token":"x"}', 'token'],
    [`\ufeff${taken}`, 'token'],
    ['a=1&'.repeat(15_000), 'a'],
    [`${form}&token=x`, 'token'],
    [`${taken}&token=unknown`, 'token'],
    [`${taken}&token_type_hint=a&token_type_hint=a`, 'token_type_hint'],
    [`${taken}&client_id=a&client_id=b`, 'client_id'],
    [`${taken}&client_secret=propusk_x`, 'client_secret'],
    ['token=%zz'],
    ['token=%'],
    ['token=%ff'],
    ['token=%c0%80'],
    ['token=%ed%a0%80'],
    ['%zz=1&token=x'],
    [`${taken}&surprise=%ff`],
  ]
  for (const [body, field] of bodies) {
    yield { what: `form ${body.slice(0, 40)}`, body, ...(field !== undefined && { field }) }
  }
  for (const bytes of ['ff', 'c080', 'eda080', 'f8888080', 'e282', 'f4908080']) {
    yield { what: `bytes ${bytes}`, body: Buffer.concat([Buffer.from('token='), Buffer.from(bytes, 'hex')]) }
  }
  yield { what: 'UTF-16', body: Buffer.from(taken, 'utf16le') }
  for (const name of [...unknownNames, ...poisonousNames, 'access_token', '']) {
    yield { what: `unknown ${name}`, body: `${taken}&${name}=1`, status: [200] }
  }
  // RFC 6749 appendix A.12: a token has no controls.
  for (const token of ['%00', 'a%00b'])
    yield { what: `token ${token}`, body: `token=${token}`, field: 'token' }
  for (const token of ['%F0%9F%94%91', '..', '%ED%9F%BF', 'null', 'x'.repeat(60_000)]) {
    yield { what: `token ${token.slice(0, 20)}`, body: `token=${token}`, status: [200] }
  }
  const types = strangeTypes.map(type => type.replaceAll('application/json', 'application/x-www-form'))
  for (const type of [...types, 'application/json', 'application/x-www-form-urlencoded; charset=latin1']) {
    if (type === 'application/x-www-form-urlencoded') continue
    yield { what: `content type «${type}»`, body: form, headers: { 'content-type': type } }
  }
  const gzip = { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' }
  yield { what: `gzip of ${route.operationId}`, body: form, headers: gzip }
}

/** Everything that is sent to one route of a published standard and does not fit it, or is of no weight there. */
export function* casesOfStandard(registered: RegisteredRoute, base: SampleRequest): Generator<Case> {
  const { route } = registered
  if (route.body === undefined) {
    for (const body of ['x', '{"a":1}', '[]']) yield asMalformed({ what: `a body ${body}`, body })
  } else if (route.standard!.body === 'form') yield* formCases(registered, base.body as string)
  else yield* jsonCases(registered, base.body as object)
  yield* sizeCases(base.method)
  yield* queryCases(base, route)
  // What is no path of the route is refused in our own words.
  if (route.standard!.refuse !== undefined) return
  for (const bad of ['%zz', '%', '%c3%28', '%ed%a0%80']) {
    yield { what: `path ${bad}`, path: `${base.path}${bad}` }
  }
}
