import type { FastifyRequest } from 'fastify'
import { Rejection } from '../kernel/index.ts'

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
