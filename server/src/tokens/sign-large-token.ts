import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Signer } from '../keys/index.ts'

/** So many characters of JSON become one piece: a few milliseconds of work at most. */
const charactersPerPiece = 48_000

/**
 * A JWS (RFC 7515 section 7.1) of many megabytes, in pieces that joined are its text. `claims` are a JSON object in parts,
 * which are asked for as the work goes on: in slices, so that others are served between them. It is signed beside the event loop.
 */
export async function signLargeToken(
  type: string,
  { algorithm, kid, signAside }: Signer,
  claims: Iterable<string>,
): Promise<readonly string[]> {
  const pieces = [`${encoded(JSON.stringify({ alg: algorithm, typ: type, kid }))}.`]
  const encoder = new PieceEncoder()
  for (const piece of portionsOf(claims)) {
    pieces.push(encoder.encode(piece))
    await nextTurn()
  }
  pieces.push(encoder.end())
  const signature = await signAside(Buffer.concat(pieces.map(piece => Buffer.from(piece, 'latin1'))))
  return [...pieces, `.${Buffer.from(signature).toString('base64url')}`]
}

function* portionsOf(parts: Iterable<string>): Generator<string> {
  let text = ''
  for (const part of parts) {
    text += part
    if (text.length < charactersPerPiece) continue
    yield text
    text = ''
  }
  yield text
}

/** Text as base64url, piece by piece: three bytes are four characters, and what is left over goes to the next piece. */
class PieceEncoder {
  #rest = Buffer.alloc(0)

  encode(text: string): string {
    const bytes = Buffer.concat([this.#rest, Buffer.from(text)])
    const whole = bytes.length - (bytes.length % 3)
    this.#rest = bytes.subarray(whole)
    return bytes.toString('base64url', 0, whole)
  }

  end(): string {
    return this.#rest.toString('base64url')
  }
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url')
