import { Refusal } from '../kernel/index.ts'
import type { Exchange } from './exchange.ts'

/**
 * Refuses with `cross_site_request` unless the browser says that a page of this very origin asks: by Sec-Fetch-Site,
 * which no page can set, or, in a browser without it, by Origin. What says neither is no page.
 * A neighbouring subdomain is «same-site», and refused as well.
 */
export function requireSameOrigin(exchange: Exchange, publicOrigin: string): void {
  const { 'sec-fetch-site': site, origin } = exchange.request.headers
  const isOwn =
    site === undefined
      ? origin !== undefined && (origin === publicOrigin || origin === exchange.host)
      : site === 'same-origin'
  if (!isOwn) throw new Refusal('cross_site_request')
}
