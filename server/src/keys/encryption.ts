import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../kernel/index.ts'

const nonceBytes = 12
const tagBytes = 16

/** A key for one purpose, derived from a longer-lived secret (RFC 5869): purposes cannot be mixed up. */
export const deriveKey = (secret: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32))

/** AES-256-GCM; `context` is authenticated with the text, so an encrypted value cannot be moved to another row. */
export function encrypt(text: string, key: Uint8Array, context: string, random: Random): string {
  const nonce = random.bytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const encrypted = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return encrypted.toString('base64url')
}

/** The decrypted text, or undefined when the key, the context or a single bit differs. */
export function decrypt(encrypted: string, key: Uint8Array, context: string): string | undefined {
  const bytes = Buffer.from(encrypted, 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([
      decipher.update(bytes.subarray(nonceBytes, -tagBytes)),
      decipher.final(),
    ]).toString()
  } catch {
    // GCM says only that it does not fit; what exactly differs must stay unknown.
    return undefined
  }
}
