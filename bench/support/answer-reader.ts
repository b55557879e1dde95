/** One answer of HTTP/1.1, whole. */
export interface Answer {
  readonly status: number
  /** Of the answer's head, for what is read once and not in the heat of a load. */
  readonly head: string
  readonly body: Buffer
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/**
 * Puts the pieces that a socket gives together to answers, as quickly as can be: a load generator must cost less
 * than what it measures. Reads one answer at a time, with a Content-Length, in chunks, or without a body.
 */
export class AnswerReader {
  #pieces: Buffer | undefined

  /** The answer, once its last piece has come. Throws an Error for what is no answer. */
  read(piece: Buffer): Answer | undefined {
    const bytes = this.#pieces === undefined ? piece : Buffer.concat([this.#pieces, piece])
    const answer = parse(bytes)
    this.#pieces = answer === undefined ? bytes : undefined
    return answer
  }
}

function parse(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  if (!head.startsWith('HTTP/1.1 ')) throw new Error(`This is no answer: ${head.slice(0, 80)}`)
  const status = Number(head.slice(9, 12))
  const rest = bytes.subarray(end + headEnd.length)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)
  if (length !== null) {
    const expected = Number(length[1])
    return rest.length < expected ? undefined : { status, head, body: rest.subarray(0, expected) }
  }
  if (status === 204 || status === 304) return { status, head, body: rest.subarray(0, 0) }
  const isWhole = rest.length >= lastChunk.length && rest.subarray(-lastChunk.length).equals(lastChunk)
  return isWhole ? { status, head, body: withoutChunks(rest) } : undefined
}

/** RFC 9112 section 7.1: each chunk is its length in hexadecimal digits, its bytes, and a line's end. */
function withoutChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (length === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
}
