const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** A bit that no sextet has. */
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
  const tail = text.length % 4
  if (tail === 1) return undefined
  const bytes = new Uint8Array((text.length * 3) >>> 2)
  const wholes = text.length - tail
  let length = 0
  for (let at = 0; at < wholes; at += 4) {
    const first = sextetAt(text, at)
    const second = sextetAt(text, at + 1)
    const third = sextetAt(text, at + 2)
    const fourth = sextetAt(text, at + 3)
    if ((first | second | third | fourth) & invalid) return undefined
    bytes[length++] = (first << 2) | (second >>> 4)
    bytes[length++] = (second << 4) | (third >>> 2)
    bytes[length++] = (third << 6) | fourth
  }
  if (tail === 0) return bytes
  const first = sextetAt(text, wholes)
  const second = sextetAt(text, wholes + 1)
  const third = tail === 3 ? sextetAt(text, wholes + 2) : 0
  if ((first | second | third) & invalid) return undefined
  bytes[length++] = (first << 2) | (second >>> 4)
  if (tail === 3) bytes[length++] = (second << 4) | (third >>> 2)
  // RFC 4648 section 3.5: unused trailing bits are zero, or several texts would mean the same bytes.
  const unused = tail === 2 ? second & 0b1111 : third & 0b11
  return unused === 0 ? bytes : undefined
}

function sextetAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? sextetOf[code]! : invalid
}
