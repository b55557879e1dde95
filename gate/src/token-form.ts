/**
 * Characters. Room for some four hundred roles with names of ten letters; a longer token is refused before it is
 * parsed.
 */
export const maxTokenLength = 8192

export interface TokenParts {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** RFC 7515 section 5.2 step 8: what was signed, which is the text itself and not what it decodes to. */
  readonly signingInput: string
}

/** The three parts of a compact JWS (RFC 7515 section 7.1), or `undefined`. It looks for dots and never splits. */
export function splitToken(token: string): TokenParts | undefined {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second === first + 1 || second === -1 || second === token.length - 1) return undefined
  // RFC 7516 section 9: five parts are a JWE, and nothing here decrypts.
  if (token.indexOf('.', second + 1) !== -1) return undefined
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signingInput: token.slice(0, second),
  }
}
