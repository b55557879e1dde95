import assert from 'node:assert/strict'

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests assert what they read.
type Anything = any

export interface ApiAnswer {
  readonly status: number
  readonly body: Anything
}

export interface SignedIn {
  readonly access: string
  readonly refresh: string
  readonly user: { readonly id: number; readonly email: string }
}

/** One call over a real socket. `path` starts below `/api/auth`, or at the root of the host with `//`. */
export async function call(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<ApiAnswer> {
  const address = path.startsWith('//') ? `${url}${path.slice(1)}` : `${url}/api/auth${path}`
  const answer = await fetch(address, {
    method,
    headers: {
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  return { status: answer.status, body: isJson && text !== '' ? JSON.parse(text) : text }
}

export const password = 'correct horse battery staple'

export async function register(url: string, email: string): Promise<SignedIn> {
  const answer = await call(url, 'POST', '/register/', { body: { email, password, password2: password } })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

export async function login(url: string, email: string, secret = password): Promise<SignedIn> {
  const answer = await call(url, 'POST', '/login/', { body: { email, password: secret } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

/** The `kid` in the header of a token. */
export const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

/** From now on every node has a second to hear that the token is dead; a node that cannot know says 503. */
export async function refusedWithinASecond(url: string, token: string): Promise<void> {
  const deadline = performance.now() + 1_000
  for (;;) {
    const askedAt = performance.now()
    const { status } = await call(url, 'GET', '/me/', { token })
    if (status === 401) return
    assert.ok(status === 503 || askedAt < deadline, `A dead token was answered with ${status}.`)
  }
}
