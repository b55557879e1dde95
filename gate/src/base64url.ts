const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const invalid = 64

const sextetOf = new Uint8Array(128).fill(invalid)
for (let sextet = 0; sextet < alphabet.length; sextet++) sextetOf[alphabet.charCodeAt(sextet)] = sextet

/**
 * Reads the one spelling that RFC 7515 section 2 gives to a sequence of bytes: no padding, no white space, no
 * character of plain base64. Anything else is `undefined`.
 *
 * INVARIANT: encoding the answer again gives `text` back, so two texts never decode to the same bytes.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array((text.length * 3) >>> 2)
  let pending = 0
  let pendingBits = 0
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const sextet = sextetOf[text.charCodeAt(at)] ?? invalid
    if (sextet === invalid) return undefined
    pending = (pending << 6) | sextet
    pendingBits += 6
    if (pendingBits < 8) continue
    pendingBits -= 8
    bytes[length++] = pending >>> pendingBits
    pending &= (1 << pendingBits) - 1
  }
  // RFC 4648 section 3.5: unused trailing bits are zero, or several texts would mean the same bytes.
  return pending === 0 ? bytes : undefined
}
