import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet, { type HelmetOptions } from 'helmet'

const oneYearSeconds = 31_536_000

/**
 * The headers of every response, errors and documents too (OWASP ASVS 5.0, chapter 3.4). Helmet makes them once for
 * the whole server: they never change, and its middleware would make them anew for each request (ADR 27).
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    ...headersBy({
      // A response of the API is never a page: were a browser made to show it, nothing in it would run.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
          sandbox: [],
        },
      },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
      // Over plain HTTP a browser ignores it.
      strictTransportSecurity: publicUrl.startsWith('https:') && { maxAge: oneYearSeconds },
      // For browsers that are no longer there.
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Most responses hold tokens or personal data. A route that may be cached says so itself.
    'cache-control': 'no-store',
  }
}

/** What Helmet's middleware sets on a response. None of these options looks at the request. */
function headersBy(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => {},
  }
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, error => {
    if (error) throw error
  })
  return headers
}
