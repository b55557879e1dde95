import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import {
  canonicalAddress,
  isIn,
  isLoopback,
  parseIpAddress,
  parseSubnet,
  type Subnet,
} from '../addresses/index.ts'
import { printable, Rejection } from '../kernel/index.ts'

type Request = Pick<IncomingMessage, 'socket' | 'headers'>

/** An entry of `X-Forwarded-For` that a trusted proxy sent and that is no address. */
export interface UnreadableEntry {
  /** Its beginning, fit for a log. */
  readonly entry: string
  /** The address that sent it. */
  readonly proxy: string
}

/**
 * The client's address and the host that it asked for. Without a trusted proxy the socket's address counts. Each proxy
 * adds at the right of `X-Forwarded-For` the address that asked it, so the list is read from there, as far as it goes
 * through proxies that are trusted. Where such a proxy sends what is no address, the socket's address counts, and
 * `onUnreadable` is called: the first time only, because a proxy that is set up wrongly sends it with every request.
 */
export class ClientAddress {
  readonly #proxies: readonly Subnet[]
  readonly #onUnreadable: ((unreadable: UnreadableEntry) => void) | undefined
  #wasReported = false

  constructor(
    trustedProxies: readonly string[] | false,
    onUnreadable?: (unreadable: UnreadableEntry) => void,
  ) {
    this.#proxies = (trustedProxies || []).map(readSubnet)
    this.#onUnreadable = onUnreadable
  }

  /** In one spelling (RFC 5952); kept from when the connection opened (node-server.ts). */
  addressOf(request: Request): string {
    const own = socketAddress(request)
    const forwarded = request.headers['x-forwarded-for']
    if (forwarded === undefined) return own
    const entries = entriesOf(forwarded)
    let address = own
    while (entries.length > 0 && this.#isTrusted(address)) {
      const entry = entries.pop()!
      const next = canonicalAddress(withoutPort(entry))
      if (next === undefined) {
        this.#report(entry, address)
        return own
      }
      address = next
    }
    return address
  }

  /** `https://id.example.org`, as the browser wrote it. */
  hostOf(request: Request): string {
    const { headers } = request
    const isBelieved = this.#isTrusted(socketAddress(request))
    const protocol = (isBelieved && entriesOf(headers['x-forwarded-proto']).at(-1)) || 'http'
    const host = (isBelieved && entriesOf(headers['x-forwarded-host']).at(-1)) || (headers.host ?? '')
    return `${protocol}://${host}`
  }

  /** Whether the other end of the socket is a proxy that is trusted. */
  isTrustedProxy(request: Request): boolean {
    return this.#isTrusted(socketAddress(request))
  }

  #isTrusted(address: string): boolean {
    const parsed = this.#proxies.length > 0 ? parseIpAddress(address) : undefined
    return parsed !== undefined && isIn(parsed, this.#proxies)
  }

  #report(entry: string, proxy: string): void {
    if (this.#wasReported) return
    this.#wasReported = true
    this.#onUnreadable?.({ entry: printable(entry.slice(0, maxShownLength)), proxy })
  }
}

const maxShownLength = 60

function socketAddress({ socket }: Request): string {
  const address = socket.remoteAddress ?? ''
  return canonicalAddress(address) ?? address
}

/** The settings are checked when they are read, so only a fault of ours can come here. */
function readSubnet(text: string): Subnet {
  const subnet = parseSubnet(text)
  if (subnet === undefined) throw new TypeError(`"${text}" is not an IP address or a subnet`)
  return subnet
}

/** Azure Application Gateway, IIS and others write `203.0.113.7:51234` and `[2001:db8::1]:443`. */
function withoutPort(entry: string): string {
  const [, bracketed, dotted] = addressWithPort.exec(entry) ?? []
  return bracketed ?? dotted ?? entry
}

/** Without brackets an IPv6 address has no port: `2001:db8::1:443` is an address as it stands. */
const addressWithPort = /^(?:\[([^\]]*:[^\]]*)\](?::\d{1,5})?|([^:[\]]+):\d{1,5})$/

/** The entries of a list between commas; of several headers of the name Node has made one. */
const entriesOf = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/**
 * Whether the request was made on this machine. The socket decides and no header can say so; a request that a
 * proxy on this machine passed on comes from elsewhere, whatever its socket says.
 */
export const isLocalRequest = ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean =>
  isLoopback(socket.remoteAddress ?? '') && forwardingHeaders.every(name => headers[name] === undefined)

/**
 * Rejects with `cross_site_request` unless the browser says that a page of this very origin asks: by Sec-Fetch-Site,
 * which no page can set, or, in a browser without it, by Origin. What says neither is no page. A neighbouring subdomain
 * is «same-site», and rejected as well.
 */
export function requireSameOrigin({ headers }: FastifyRequest, publicOrigin: string, host: string): void {
  const { 'sec-fetch-site': site, origin } = headers
  const isOwn =
    site === undefined
      ? origin !== undefined && (origin === publicOrigin || origin === host)
      : site === 'same-origin'
  if (!isOwn) throw new Rejection('cross_site_request')
}
