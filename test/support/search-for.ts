/** Something that was handed out, or a value that is looked for to show that the search finds it. */
export interface Wanted {
  readonly what: string
  /** As it was handed out. */
  readonly text: string
  /** What the text stands for, where it is an encoding of bytes. */
  readonly bytes?: Uint8Array
}

const fromBase32 = (text: string, alphabet: string): Uint8Array => {
  let bits = ''
  for (const character of text) bits += alphabet.indexOf(character).toString(2).padStart(5, '0')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}

/** RFC 4648 section 6. */
export const bytesOfTotpSecret = (secret: string) => fromBase32(secret, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
export const bytesOfRecoveryCode = (code: string) =>
  fromBase32(code.replaceAll('-', ''), '0123456789abcdefghjkmnpqrstvwxyz')

const encodings = (bytes: Buffer): readonly Buffer[] => {
  const base64 = bytes.toString('base64').replace(/=+$/, '')
  const texts = [
    base64,
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ]
  return [bytes, ...texts.map(text => Buffer.from(text))]
}

/** Every form in which it could stand somewhere: itself, without hyphens, its bytes, and either in base64 and hex. */
export function formsOf({ text, bytes }: Wanted): readonly Buffer[] {
  const plain = [text, text.replaceAll('-', ''), text.toLowerCase(), text.toUpperCase()].map(each =>
    Buffer.from(each),
  )
  const forms = [
    ...plain,
    ...[plain[0]!, plain[1]!].flatMap(encodings),
    ...(bytes ? encodings(Buffer.from(bytes)) : []),
  ]
  return [...new Map(forms.map(form => [form.toString('hex'), form])).values()]
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Digits within a longer number are another number: an instant holds a handful of eight digits. */
function holds(place: Buffer, form: Buffer): boolean {
  const isNumber = form.every(isDigit)
  for (let at = place.indexOf(form); at !== -1; at = place.indexOf(form, at + 1)) {
    if (!isNumber || !(isDigit(place[at - 1]) || isDigit(place[at + form.length]))) return true
  }
  return false
}

/** What of this stands in the place, in any form. */
export const foundIn = (place: Buffer, wanted: readonly Wanted[]): readonly string[] =>
  wanted.filter(each => formsOf(each).some(form => holds(place, form))).map(({ what }) => what)
