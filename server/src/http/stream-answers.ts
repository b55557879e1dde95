import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Source = AsyncIterable<string> | Promise<AsyncIterable<string>>

/** Long enough for a list that is nearly out, and a small part of the ten seconds that a stop may take. */
const graceMs = 2_000

/**
 * Responses that are sent piece by piece. INVARIANT: one that is not finished, because it failed or because the server
 * closes, ends with a cut connection and without its last chunk: a client never takes a part for the whole
 * (RFC 9112 section 8).
 */
export class StreamAnswers {
  readonly #openAnswers = new Set<ServerResponse>()
  #isOver = false

  /**
   * Waits for the first piece. What is thrown before it is the response, as from any other handler. The response owns
   * the stream from here on: it is ended with the response, whatever that is and however it ends.
   */
  async open(request: FastifyRequest, { raw }: FastifyReply, source: Source): Promise<OpenedStream> {
    const stream = new OpenedStream(source)
    const end = () => {
      stream.end().catch(err => {
        request.log.error({ requestId: request.id, err }, 'a stream could not be ended')
      })
    }
    // A response is closed once it is out, and as soon as its client is gone: before the first piece, too.
    if (raw.closed) end()
    else raw.once('close', end)
    await stream.start()
    return stream
  }

  /** Sends the pieces as fast as the client reads them; to HEAD, none. */
  send(request: FastifyRequest, reply: FastifyReply, opened: OpenedStream): FastifyReply {
    // No length is promised for what was not made.
    if (request.method === 'HEAD') return reply.send(Readable.from([]))
    const { raw } = reply
    this.#openAnswers.add(raw)
    raw.once('close', () => this.#openAnswers.delete(raw))
    if (this.#isOver) raw.destroy()
    // The source is asked for a piece when the ones before have gone out: a client that does not read costs no more
    // than the few that the socket holds.
    const pieces = Readable.from(opened, { highWaterMark: 1 })
    pieces.once('error', err => {
      request.log.error({ requestId: request.id, err }, 'a response broke off in the middle')
    })
    return reply.send(pieces)
  }

  /** Lets what is under way go on for a moment, then cuts it off: no stream keeps the server from closing. */
  cutOff(): void {
    setTimeout(() => {
      this.#isOver = true
      for (const response of this.#openAnswers) response.destroy()
    }, graceMs).unref()
  }
}

/**
 * The first piece of a source, then the rest. INVARIANT: once `end` was called the source is asked for nothing more and
 * learns of its end by `return`, once: at once when it is open, else as soon as it is. It has no `throw`: however a
 * response ends, that is how the source learns of it.
 */
class OpenedStream implements AsyncIterableIterator<string, undefined> {
  readonly #source: Promise<AsyncIterator<string>>
  #first: Promise<IteratorResult<string, undefined>> | undefined
  #ended: Promise<void> | undefined

  constructor(source: Source) {
    this.#source = Promise.resolve(source).then(pieces => pieces[Symbol.asyncIterator]())
  }

  async start(): Promise<void> {
    this.#first = this.#next()
    await this.#first
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    const first = this.#first
    this.#first = undefined
    return await (first ?? this.#next())
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    await this.end()
    return over
  }

  end(): Promise<void> {
    this.#ended ??= this.#return()
    return this.#ended
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #next(): Promise<IteratorResult<string, undefined>> {
    const source = await this.#source
    return this.#ended === undefined ? await source.next() : over
  }

  async #return(): Promise<void> {
    // One that could not be made has nothing to end.
    const source = await this.#source.catch(() => undefined)
    await source?.return?.()
  }
}

const over = { done: true, value: undefined } as const
