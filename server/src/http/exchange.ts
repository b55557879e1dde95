import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Origin, Principal, Random } from '../kernel/index.ts'
import type { ClientAddress } from './client-address.ts'
import type { ProblemCode } from './problem.ts'
import { splitTarget } from './target.ts'

/** What the server knows that every exchange may need. */
export interface Surroundings {
  readonly random: Random
  readonly client: ClientAddress
}

/** One request and its answer, while they are under way. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** As it was written: nothing in it is decoded. */
  readonly path: string
  /** What follows the question mark, as it was written. */
  readonly query: string
  readonly #startedAtMs = performance.now()
  /** The path of the route as it was registered; undefined while none was found. */
  pattern: string | undefined
  /** The texts of the path's parameters, by their names in the pattern. */
  params: Readonly<Record<string, string>> = none
  /** Who is asking, as soon as the token was admitted; undefined on public routes. */
  principal: Principal | undefined
  /** The bytes that came, once they have been read; undefined without a body. */
  body: Uint8Array | undefined
  /** Why the request was answered with a problem, for the log. */
  problem: { readonly code: ProblemCode; readonly reason: string | undefined } | undefined
  /** Names and values of headers that this answer has beside those of its head, such as `Allow`; most have none. */
  extraHeaders: string[] | undefined
  /** The request's headers that the answer depends on (RFC 9110 section 12.5.5). */
  vary: string | undefined
  readonly #surroundings: Surroundings
  #id: string | undefined

  constructor(request: IncomingMessage, response: ServerResponse, surroundings: Surroundings) {
    this.request = request
    this.response = response
    this.#surroundings = surroundings
    this.method = request.method ?? ''
    const { path, query } = splitTarget(request.url ?? '')
    this.path = path
    this.query = query
  }

  /** What the log and a problem name the request by. Most requests are never named. */
  get id(): string {
    this.#id ??= this.#surroundings.random.uuid()
    return this.#id
  }

  /** How long it has been under way. */
  get tookMs(): number {
    return performance.now() - this.#startedAtMs
  }

  /** Replaces what was set before under the same name. */
  setHeader(name: string, value: string): void {
    this.extraHeaders ??= []
    const known = this.extraHeaders.indexOf(name)
    if (known === -1) this.extraHeaders.push(name, value)
    else this.extraHeaders[known + 1] = value
  }

  addVary(fields: string): void {
    this.vary = this.vary === undefined ? fields : `${this.vary}, ${fields}`
  }

  get ipAddress(): string {
    return this.#surroundings.client.addressOf(this.request)
  }

  /** The origin that the browser asked, as far as it can be known. */
  get host(): string {
    return this.#surroundings.client.hostOf(this.request)
  }

  /** Where the request comes from. */
  get origin(): Origin {
    const agent = this.request.headers['user-agent'] ?? ''
    return { ipAddress: this.ipAddress, userAgent: withoutControls(agent).slice(0, maxUserAgentLength) }
  }
}

const none = Object.freeze({})

/** As much of a User-Agent as helps a person to know a device again. */
const maxUserAgentLength = 500

/** Header values reach us as Latin-1; control characters in one would only ever be meant for a log or a screen. */
const withoutControls = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '')
