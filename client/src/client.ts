import { sendBy } from './fetch-with.ts'
import { ProblemError, toProblemError } from './problem-error.ts'
import { keyedPair, withKey } from './refresh-keys.ts'
import type { AccessSource, DeviceStore, KeptPair, TokenStore } from './stores.ts'
import { type OperationId, type Operations, operations, type TokenPair } from './types.ts'

export interface ClientOptions {
  /** The address of the server, such as `https://id.example.org`. */
  readonly baseUrl: string
  /** The `fetch` of the platform unless given. */
  readonly fetch?: typeof fetch
  /** An access token that the caller manages: the client does not refresh it. */
  readonly token?: string
  /** Tokens that this client refreshes by itself when the access token is refused. */
  readonly tokens?: TokenStore
  /** An access token that is renewed elsewhere when it is refused, such as by a cookie that no script can read. */
  readonly access?: AccessSource
  /**
   * The token of this device, shown with each sign-in, so that what others guess at the account does not make its owner
   * wait. Not for browsers on the server's own origin, which have a cookie for it.
   */
  readonly device?: DeviceStore
  /** Whether cookies travel along: `omit` unless given. Only the calls of `browser…` know what to do with one. */
  readonly credentials?: 'omit' | 'same-origin'
  /** The language of messages (RFC 9110 section 12.5.4), asked anew for each call; the platform's unless given. */
  readonly language?: () => string
}

type Part<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : Partial<T> extends T
    ? { readonly [Key in Name]?: T }
    : { readonly [Key in Name]: T }

/** What one operation needs: exactly the parts that it has. */
export type CallInput<Id extends OperationId> = Part<'params', Operations[Id]['params']> &
  Part<'query', Operations[Id]['query']> &
  Part<'body', Operations[Id]['body']> & {
    readonly signal?: AbortSignal
    /** The version that the write rests on: it is refused with `precondition_failed` once the row has another. */
    readonly ifMatch?: string | undefined
    /** By which a refresh that is sent again is known again: random, and another one for each refresh token. */
    readonly idempotencyKey?: string | undefined
  }

/** What an operation documents as success, and the version of the row that it shows, if it has one. */
export interface Versioned<T> {
  readonly value: T
  readonly etag: string | undefined
}

type Arguments<Input> = Partial<Input> extends Input ? [input?: Input] : [input: Input]

export interface Client {
  /**
   * Calls an operation by its `operationId` and resolves with what it documents as success. Rejects with a ProblemError
   * when the server refuses, and with the TypeError of `fetch` when it cannot be reached.
   */
  call<Id extends OperationId>(id: Id, ...input: Arguments<CallInput<Id>>): Promise<Operations[Id]['success']>
  /** The same with the version of the row, which a later write can give as `ifMatch`. */
  callVersioned<Id extends OperationId>(
    id: Id,
    ...input: Arguments<CallInput<Id>>
  ): Promise<Versioned<Operations[Id]['success']>>
  /**
   * The same, for a response that is read as a stream, such as an export or an event stream. Resolves with the response
   * of `fetch` as soon as its status says success. A caller that stops reading before the end must abort `signal`.
   */
  open<Id extends OperationId>(id: Id, ...input: Arguments<CallInput<Id>>): Promise<Response>
}

export function createClient(options: ClientOptions): Client {
  const { fetch: send = fetch, token, tokens, access, device, credentials = 'omit', language } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')

  const attempt = async (id: OperationId, input: AnyInput, presented: string | undefined) => {
    const { url, options } = requestOf(baseUrl, id, input, presented)
    if (language !== undefined) options.headers.set('accept-language', language())
    const store = 'usesDevice' in operations[id] ? device : undefined
    const shown = await store?.read()
    if (shown !== undefined) options.headers.set(deviceHeader, shown)
    const answer = await send(url, { ...options, credentials })
    const given = answer.headers.get(deviceHeader)
    if (given !== null) await store?.write(given)
    return answer.ok ? answer : await toProblemError(answer)
  }

  const refresh = singleFlight(async (store: TokenStore, pair: KeptPair) => {
    const { idempotencyKey, ...consumed } = await keyedPair(store, pair)
    const input = { body: { refresh: consumed.refresh }, idempotencyKey }
    const next = await attempt('refreshTokens', input, undefined)
    if (!(next instanceof ProblemError)) {
      await store.write(withKey((await readSuccess(next)) as TokenPair))
      return
    }
    if (next.code !== 'invalid_refresh_token') throw next
    // Another client of the same store may have refreshed or signed in meanwhile: do not remove its pair.
    if ((await store.read())?.refresh === consumed.refresh) await store.write(undefined)
  })

  const callWithStore = async (store: TokenStore, id: OperationId, input: AnyInput) => {
    const pair = await store.read()
    const first = await attempt(id, input, pair?.access)
    if (pair === undefined || !isRefusedToken(first)) return first
    const latest = await store.read()
    if (latest?.access === pair.access) await refresh(store, pair)
    const next = await store.read()
    // A refused token did nothing, so the call is safe to send again, whatever its method.
    return next === undefined ? first : await attempt(id, input, next.access)
  }

  const callWithSource = (source: AccessSource, id: OperationId, input: AnyInput) =>
    sendBy(
      source,
      token => attempt(id, input, token),
      async found => (found instanceof ProblemError ? found : undefined),
    )

  const ask = async (id: OperationId, input: AnyInput): Promise<Response> => {
    const found = await (tokens !== undefined
      ? callWithStore(tokens, id, input)
      : access !== undefined
        ? callWithSource(access, id, input)
        : attempt(id, input, token))
    if (found instanceof ProblemError) throw found
    return found
  }

  return {
    call: async (id, ...[input = {}]) => (await readSuccess(await ask(id, input))) as never,
    async callVersioned(id, ...[input = {}]) {
      const answer = await ask(id, input)
      return { value: (await readSuccess(answer)) as never, etag: answer.headers.get('etag') ?? undefined }
    },
    open: (id, ...[input = {}]) => ask(id, input),
  }
}

const deviceHeader = 'propusk-device'

const isRefusedToken = (found: unknown): boolean =>
  found instanceof ProblemError && found.code === 'invalid_token'

async function readSuccess(answer: Response): Promise<unknown> {
  const text = await answer.text()
  if (text === '') return undefined
  return answer.headers.get('content-type')?.startsWith('application/json') === true ? JSON.parse(text) : text
}

/** Callers that come while a run is under way wait for that one: a refresh token works once. */
function singleFlight<Input extends unknown[]>(run: (...input: Input) => Promise<void>) {
  let running: Promise<void> | undefined
  return (...input: Input): Promise<void> => {
    running ??= run(...input).finally(() => {
      running = undefined
    })
    return running
  }
}

/** What the caller of an operation gives, its types forgotten. */
interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly ifMatch?: string | undefined
  readonly idempotencyKey?: string | undefined
}

/** The address and the options of one call, ready for `fetch`. `baseUrl` has no slash at its end. */
export function requestOf(baseUrl: string, id: OperationId, input: AnyInput, token: string | undefined) {
  const { method, path } = operations[id]
  const headers = new Headers({
    accept: 'application/json, application/problem+json, text/plain;q=0.5, */*;q=0.1',
  })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (input.body !== undefined) headers.set('content-type', 'application/json')
  if (input.ifMatch !== undefined) headers.set('if-match', input.ifMatch)
  if (input.idempotencyKey !== undefined) headers.set('idempotency-key', input.idempotencyKey)
  const options: RequestInit & { headers: Headers } = {
    method,
    headers,
    // The API never redirects. A redirect would hand the password or the token of this call to another address.
    redirect: 'error',
    ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    ...(input.signal && { signal: input.signal }),
  }
  return { url: `${baseUrl}${fillPath(path, input.params)}${queryOf(input.query)}`, options }
}

const fillPath = (path: string, params: AnyInput['params'] = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '')
    // Encoding leaves dots alone, and a segment of dots would lead to another address.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`params.${name} must not be "${value}"`)
    return encodeURIComponent(value)
  })

function queryOf(query: AnyInput['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
