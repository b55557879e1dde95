import type { InjectOptions } from 'light-my-request'
import type { Inject } from '../../server/src/http/testing/inject.ts'

/** What came back to a request without a socket: the text of a stream without an end is left unread. */
export interface Injected {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly payload: string
}

/** As `inject`, but a stream of events is left as soon as it has begun. */
export async function injectHead(inject: Inject, request: InjectOptions): Promise<Injected> {
  const ending = new AbortController()
  const answer = await inject({ ...request, payloadAsStream: true, signal: ending.signal })
  const { statusCode } = answer
  const headers = answer.headers as Injected['headers']
  const body = answer.stream()
  if (String(headers['content-type']).startsWith('text/event-stream')) {
    body.on('error', () => {})
    ending.abort()
    return { statusCode, headers, payload: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return { statusCode, headers, payload: Buffer.concat(chunks).toString() }
}

/** Whether an address is that of a stream of events. */
export const isEndless = (url: string): boolean => /^\/api\/auth\/(?:events|changes)\/?(?:\?|$)/.test(url)
