import { builtinModule } from './builtin-module.ts'
import type { FeedAnswer } from './feed-faults.ts'

/** A response whose body comes in pieces. */
export interface OpenedFeed extends FeedAnswer {
  readonly body: AsyncIterable<Uint8Array>
  /** From now on the connection alone does not keep the process alive. */
  unref(): void
}

export type OpenFeed = (
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<OpenedFeed>

/** By `fetch`, which every runtime has. It cannot say that a connection is not worth staying for. */
const openByFetch: OpenFeed = async (url, headers, signal) => {
  const answer = await fetch(url, { headers, signal, redirect: 'manual' })
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    location: answer.headers.get('location') ?? undefined,
    body: answer.body === null ? none() : piecesOf(answer.body),
    unref() {},
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}

/** The little of `node:http` that is needed here. */
interface NodeHttp {
  get(
    url: string,
    options: {
      readonly headers: Readonly<Record<string, string>>
      readonly signal: AbortSignal
      readonly agent: false
    },
    onResponse: (response: NodeResponse) => void,
  ): { on(event: 'error', listener: (error: Error) => void): unknown }
}

interface NodeResponse extends AsyncIterable<Uint8Array> {
  readonly statusCode: number
  readonly headers: { readonly 'content-type'?: string; readonly location?: string }
  /** Without `unref` where a runtime only has the form of it. */
  readonly socket?: { unref?(): void }
}

const openByNode =
  (http: NodeHttp): OpenFeed =>
  (url, headers, signal) =>
    new Promise((resolve, reject) => {
      const request = http.get(url, { headers, signal, agent: false }, response => {
        const { statusCode: status, headers, socket } = response
        resolve({
          status,
          contentType: headers['content-type'] ?? '',
          location: headers.location,
          body: response,
          unref: () => socket?.unref?.(),
        })
      })
      request.on('error', reject)
    })

/** Node's own client where there is one: a process that only follows the feed may end. */
export function feedOpener(url: string): OpenFeed {
  const http = builtinModule<NodeHttp>(url.startsWith('https:') ? 'node:https' : 'node:http')
  return http === undefined ? openByFetch : openByNode(http)
}
