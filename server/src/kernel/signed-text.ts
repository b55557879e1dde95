import { createHmac, timingSafeEqual } from 'node:crypto'

const signatureBytes = 16

/**
 * Texts that are handed out and come back, and that no caller can have written. Not secret. HMAC-SHA-256, cut
 * to 128 bits, in base64url. `context` is what a text is good for: under another one it is refused.
 */
export class SignedTexts {
  readonly #secret: Uint8Array

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  sign(text: string, context = ''): string {
    return Buffer.concat([this.#signatureOf(text, context), Buffer.from(text)]).toString('base64url')
  }

  /** The text; undefined where it was not signed here for this context, or is spelt in another way. */
  read(signed: string, context = ''): string | undefined {
    const bytes = Buffer.from(signed, 'base64url')
    if (bytes.length <= signatureBytes || bytes.toString('base64url') !== signed) return undefined
    const text = bytes.subarray(signatureBytes).toString()
    const signature = bytes.subarray(0, signatureBytes)
    return timingSafeEqual(signature, this.#signatureOf(text, context)) ? text : undefined
  }

  #signatureOf(text: string, context: string): Buffer {
    return createHmac('sha256', this.#secret)
      .update(`${context}\n${text}`)
      .digest()
      .subarray(0, signatureBytes)
  }
}
