/** What a refusal of these endpoints is made from: the parts of a problem that a client is told. */
interface Refused {
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly errors?: Readonly<Record<string, readonly string[]>>
}

/** RFC 6749 section 5.2, and for a busy server the word of section 4.1.2.1. */
const errorOf: Readonly<Record<string, string>> = {
  not_authenticated: 'invalid_client',
  invalid_token: 'invalid_client',
  permission_denied: 'unauthorized_client',
  too_many_requests: 'temporarily_unavailable',
  unavailable: 'temporarily_unavailable',
  internal_error: 'server_error',
}

/** The private cause of a refusal that has a word of its own (RFC 7009 section 2.2.1). */
export const unsupportedTokenType = 'unsupported_token_type'

/** A refusal in the form of OAuth (RFC 6749 section 5.2). `scheme` is the authentication scheme that the client used. */
export function oauthRefusal(problem: Refused, reason: string | undefined, scheme: string | undefined) {
  const { code, status, detail, errors = {} } = problem
  const faults = Object.entries(errors).map(([field, messages]) => `${field}: ${messages.join(' ')}`)
  return {
    status,
    body: {
      error: reason === unsupportedTokenType ? unsupportedTokenType : (errorOf[code] ?? 'invalid_request'),
      error_description: describable(faults.length > 0 ? faults.join(' ') : detail),
    },
    ...(status === 401 && { headers: { 'www-authenticate': challengeOf(code, scheme) } }),
  }
}

/** Section 5.2: a client that used the header is told the scheme that it used. */
function challengeOf(code: string, scheme: string | undefined): string {
  if (scheme !== 'bearer') return 'Basic realm="propusk", charset="UTF-8"'
  return `Bearer realm="propusk"${code === 'invalid_token' ? ', error="invalid_token"' : ''}`
}

/** Section 5.2 allows printable ASCII without `"` and `\`. */
const describable = (text: string): string => text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'")
