import type { FuzzRequest } from './requests.ts'

export interface Answer {
  readonly statusCode: number
  readonly payload: string
  readonly headers: Readonly<Record<string, unknown>>
}

/** The transport may answer with these to any operation, whatever the document says of it. */
const ofTransport = [405, 413, 415]

/** What streams are made of; everything else is JSON. */
const streamedTypes = ['text/event-stream', 'text/csv; charset=utf-8']

/** What no answer may be, or undefined. `log` is what was logged meanwhile. */
export function faultOf(request: FuzzRequest, answer: Answer, log: string): string | undefined {
  const { statusCode: status, payload } = answer
  if (status >= 500 && !isNotReadyYet(request, status)) return 'a fault'
  const shown = `${JSON.stringify(answer.headers)}\n${payload}`
  if (request.secrets.some(secret => shown.includes(secret))) return 'a secret comes back'
  if (request.secrets.some(secret => log.includes(secret))) return 'a secret is logged'
  if (request.url.startsWith('/api/') && request.method !== 'OPTIONS') {
    const fault = faultOfForm(answer)
    if (fault !== undefined) return fault
  }
  if (request.operation?.takesForm) {
    const fault = faultOfOAuth(answer)
    if (fault !== undefined) return fault
  }
  const { operation } = request
  if (operation === undefined || operation.statuses.has(status) || ofTransport.includes(status))
    return undefined
  return `a status that the document does not tell of ${operation.operationId}`
}

function faultOfForm({ statusCode: status, payload, headers }: Answer): string | undefined {
  if (status === 204) return payload === '' ? undefined : 'a 204 with a body'
  if (status === 200 && headers['content-type'] === 'application/jsonl; charset=utf-8') {
    const rows = payload.split('\n').slice(0, -1)
    return rows.every(row => parsed(row) !== undefined) ? undefined : 'a row that is no JSON'
  }
  // A table is no JSON, and says so.
  if (status === 200 && streamedTypes.includes(String(headers['content-type']))) return undefined
  const expected = status >= 400 ? 'application/problem+json' : 'application/json'
  if (!String(headers['content-type']).startsWith(expected)) return `not ${expected}`
  const body = parsed(payload)
  if (body === undefined) return 'no JSON'
  if (status < 400) return undefined
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'status' in body
  return isProblem && body.status === status
    ? undefined
    : 'a problem that says something else than its status'
}

/** RFC 6749 section 5.2: `error` and a description in printable ASCII, and nothing of a problem. */
function faultOfOAuth({ statusCode: status, payload, headers }: Answer): string | undefined {
  if (!String(headers['content-type']).startsWith('application/json')) return 'not application/json'
  if (headers['cache-control'] !== 'no-store') return 'an answer that may be kept'
  const body = parsed(payload) as Readonly<Record<string, unknown>> | undefined
  if (body === undefined) return 'no JSON'
  if (status < 400) return undefined
  if (Object.keys(body).sort().join() !== 'error,error_description') return 'a refusal of another form'
  if (status === 401 && headers['www-authenticate'] === undefined) return 'a 401 without a challenge'
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(String(body.error_description))
    ? undefined
    : 'a description that is no printable ASCII'
}

/** After a pause of more than a second the probe says so, rightly, until the ledger has been read again. */
const isNotReadyYet = ({ url }: FuzzRequest, status: number) =>
  status === 503 && url.startsWith('/health/ready')

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}
