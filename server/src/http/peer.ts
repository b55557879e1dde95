import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net'

type Asked = Pick<IncomingMessage, 'socket' | 'headers'>

/** Who asks and by what name we were asked, by the socket, or by the word of a proxy that the settings trust. */
export interface Peer {
  addressOf(request: Asked): string
  /** `https://id.example.org`, as the browser wrote it. */
  hostOf(request: Asked): string
}

/**
 * Without a proxy the socket's address counts. Each proxy adds at the right of `X-Forwarded-For` whom it was asked by,
 * so the list is read from there, as far as it goes through proxies that are trusted; whatever such a proxy passes on
 * that is no address is not believed.
 */
export function createPeer(proxies: readonly string[] | false): Peer {
  const trusted = blockListOf(proxies === false ? [] : proxies)
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
  const socketAddress = ({ socket }: Asked) => plainAddress(socket.remoteAddress ?? '')

  return {
    addressOf(request) {
      const own = socketAddress(request)
      if (proxies === false) return own
      let address = own
      const forwarded = entriesOf(request.headers['x-forwarded-for'])
      while (forwarded.length > 0 && isTrusted(address)) address = plainAddress(forwarded.pop()!)
      return isIP(address) === 0 ? own : address
    },
    hostOf(request) {
      const { headers } = request
      const believed = proxies !== false && isTrusted(socketAddress(request))
      const protocol = (believed && entriesOf(headers['x-forwarded-proto']).at(-1)) || 'http'
      const host = (believed && entriesOf(headers['x-forwarded-host']).at(-1)) || (headers.host ?? '')
      return `${protocol}://${host}`
    },
  }
}

/** The entries of a list between commas; of several headers of the name Node has made one. */
const entriesOf = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    list.addSubnet(address, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family)
  }
  return list
}

/** An IPv4 client on a dual-stack socket shows as `::ffff:192.0.2.1`; a zone id names a local interface. */
const plainAddress = (address: string): string => {
  if (isDottedQuad.test(address)) return address
  const spelled = oneSpelling(address.split('%', 1)[0]!)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)
  return mapped?.[1] ?? spelled
}

/** Nothing in it could be spelled otherwise; whether it is an address at all is judged by the caller. */
const isDottedQuad = /^\d+\.\d+\.\d+\.\d+$/

/** RFC 5952: an IPv6 address can be written in many ways, and one client must not pass for several. */
const oneSpelling = (address: string): string =>
  isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address
