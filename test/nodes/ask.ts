import { Agent, request } from 'node:http'

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; callers check what they read.
type Anything = any

/** Status 0 when there was no answer: the connection was refused or lost, or patience ran out. */
export interface Reply {
  readonly status: number
  readonly body: Anything
  /** On the clock of `performance.now()`. */
  readonly sentAtMs: number
  readonly answeredAtMs: number
}

export interface Question {
  readonly method: string
  /** Below `/api/auth`, or from the root of the host with `//`. */
  readonly path: string
  readonly token?: string | undefined
  readonly body?: unknown
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
const answerWithinMs = 15_000

/** One call over a kept connection. Never rejects. */
export function ask(url: string, { method, path, token, body }: Question): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const sentAtMs = performance.now()
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const settle = (status: number, text: string) =>
    resolve({ status, body: parsed(text), sentAtMs, answeredAtMs: performance.now() })
  const address = path.startsWith('//') ? `${url}${path.slice(1)}` : `${url}/api/auth${path}`
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(payload !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    }),
  }
  const sent = request(address, { method, agent, headers, timeout: answerWithinMs }, answer => {
    let text = ''
    answer
      .setEncoding('utf8')
      .on('data', chunk => {
        text += chunk
      })
      .on('end', () => settle(answer.statusCode!, text))
      .on('error', () => settle(0, ''))
  })
  sent.on('error', () => settle(0, ''))
  sent.on('timeout', () => sent.destroy())
  sent.end(payload)
  return promise
}

/** The same, for what must succeed. */
export async function demand(url: string, question: Question, status: number): Promise<Reply> {
  const reply = await ask(url, question)
  if (reply.status === status) return reply
  const said = JSON.stringify(reply.body)
  throw new Error(`${question.method} ${question.path} at ${url} was answered with ${reply.status}: ${said}`)
}

function parsed(text: string): Anything {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Answered by the gate alone, without the database. */
export const check = (token: string): Question => ({
  method: 'POST',
  path: '/access/check/',
  token,
  body: { checks: [{ resource: 'users', action: 'read' }] },
})

/** Answered from the database. */
export const me = (token: string): Question => ({ method: 'GET', path: '/me/', token })

export const refresh = (token: string): Question => ({
  method: 'POST',
  path: '/token/refresh/',
  body: { refresh: token },
})
