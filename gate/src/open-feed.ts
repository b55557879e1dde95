/** A response whose body comes in pieces. */
export interface OpenedFeed {
  readonly status: number
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
  const { status, body } = await fetch(url, { headers, signal, cache: 'no-store', redirect: 'error' })
  return { status, body: body === null ? none() : piecesOf(body), unref() {} }
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

/** The little of `node:http` that is needed here, since this package has no types of Node. */
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
  readonly socket: { unref(): void }
}

interface NodeProcess {
  readonly versions?: { readonly node?: string }
  getBuiltinModule?(name: string): NodeHttp | undefined
}

const openByNode =
  (http: NodeHttp): OpenFeed =>
  (url, headers, signal) =>
    new Promise((resolve, reject) => {
      const request = http.get(url, { headers, signal, agent: false }, response => {
        resolve({ status: response.statusCode, body: response, unref: () => response.socket.unref() })
      })
      request.on('error', reject)
    })

/** Node's own client where there is one: a process that only follows the feed may end. */
export function feedOpener(url: string): OpenFeed {
  const { process } = globalThis as { readonly process?: NodeProcess }
  const http = process?.getBuiltinModule?.(url.startsWith('https:') ? 'node:https' : 'node:http')
  return http === undefined ? openByFetch : openByNode(http)
}
