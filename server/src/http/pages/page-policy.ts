/**
 * Scripts are files of our own. Styles are too, and those elements that carry the nonce of the answer: the console's
 * widgets make some while they run. They also set them by way of `innerHTML`, so `require-trusted-types-for` would stop
 * them; nothing else is given up for it, as no script can come from a text.
 */
export const pageContentPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
