import type { Case } from './cases.ts'

/** What a request without a socket is answered. */
export interface Answer {
  readonly statusCode: number
  readonly payload: string
  readonly headers: Readonly<Record<string, unknown>>
}

const codes: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid_request'],
  401: ['not_authenticated', 'invalid_token'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  413: ['too_large'],
  415: ['unsupported_media_type'],
}

/** What is wrong with the refusal of a route that speaks as OAuth does (RFC 6749 section 5.2), or undefined. */
export function faultOfOAuth({ status = [400], field }: Case, answer: Answer): string | undefined {
  const { statusCode, payload, headers } = answer
  const shown = `${statusCode} ${payload.slice(0, 300)}`
  if (!status.includes(statusCode)) return `expected ${status.join(' or ')}: ${shown}`
  if (!String(headers['content-type']).startsWith('application/json')) return `no JSON: ${shown}`
  if (headers['cache-control'] !== 'no-store') return `may be kept: ${shown}`
  if (statusCode < 300) return undefined
  const { error, error_description, ...rest } = JSON.parse(payload)
  if (error !== 'invalid_request' || Object.keys(rest).length > 0) return `another refusal: ${shown}`
  if (!/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(error_description ?? '')) return `no description: ${shown}`
  return field === undefined || error_description.includes(`${field}:`)
    ? undefined
    : `not about ${field}: ${shown}`
}

/** What is wrong with the answer to what does not fit, or undefined. */
export function faultOf({ status = [400], field }: Case, answer: Answer): string | undefined {
  const shown = `${answer.statusCode} ${answer.payload.slice(0, 300)}`
  if (!status.includes(answer.statusCode)) return `expected ${status.join(' or ')}: ${shown}`
  if (answer.statusCode < 300) return undefined
  if (!String(answer.headers['content-type']).startsWith('application/problem+json'))
    return `no problem: ${shown}`
  const problem = JSON.parse(answer.payload)
  if (problem.status !== answer.statusCode) return `another status in the body: ${shown}`
  if (!codes[problem.status]?.includes(problem.code)) return `another code: ${shown}`
  if (!problem.type || !problem.title || !problem.detail) return `type, title or detail is missing: ${shown}`
  if (problem.status !== 400) return undefined
  const entries = Object.entries(problem.errors ?? {})
  if (entries.length === 0 || entries.some(([, messages]) => !Array.isArray(messages) || !messages[0])) {
    return `errors name nothing: ${shown}`
  }
  const isNamed = entries.some(([name]) => name === field || name.startsWith(`${field}.`))
  return field === undefined || isNamed ? undefined : `errors do not name ${field}: ${shown}`
}
