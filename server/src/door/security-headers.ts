/** What a browser is told on every answer, errors and documents too (OWASP ASVS 5.0, chapter 3.4). */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': apiContentPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Nothing is kept by a cache unless its route says so: most answers hold tokens or personal data.
    'cache-control': 'no-store',
    // Over plain HTTP a browser ignores it, so it is only said where it counts.
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  }
}

/** An answer of the API is never a page: were a browser made to show it, nothing in it would run. */
const apiContentPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
