import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A stream whose first piece has come. */
interface OpenedStream {
  readonly first: IteratorResult<string, unknown>
  readonly rest: AsyncIterator<string>
}

export type Source = AsyncIterable<string> | Promise<AsyncIterable<string>>

export interface StreamAnswers {
  /** Waits for the first piece. What is thrown before it is the response, as from any other handler. */
  open(source: Source): Promise<OpenedStream>
  /** Sends the pieces as fast as the client reads them; to HEAD, none. The source is ended however that ends. */
  send(request: FastifyRequest, reply: FastifyReply, opened: OpenedStream): FastifyReply
  /** Lets what is under way go on for a moment, then cuts it off: no stream keeps the server from closing. */
  cutOff(): void
}

/** Long enough for a list that is nearly out, and a small part of the ten seconds that a stop may take. */
const graceMs = 2_000

/**
 * Responses that are sent piece by piece. INVARIANT: one that is not finished, because it failed or because the server
 * closes, ends with a cut connection and without its last chunk: a client never takes a part for the whole
 * (RFC 9112 section 8).
 */
export function createStreamAnswers(): StreamAnswers {
  const underWay = new Set<ServerResponse>()
  let isOver = false
  return {
    async open(source) {
      const rest = (await source)[Symbol.asyncIterator]()
      return { first: await rest.next(), rest }
    },
    send(request, reply, opened) {
      if (request.method === 'HEAD') {
        // What the source does about its end is of no interest any more. No length is promised for what was not made.
        opened.rest.return?.().catch(() => {})
        return reply.send(Readable.from([]))
      }
      const { raw } = reply
      underWay.add(raw)
      raw.once('close', () => underWay.delete(raw))
      if (isOver) raw.destroy()
      // The source is asked for a piece when the ones before have gone out: a client that does not read costs no more
      // than the few that the socket holds.
      const pieces = Readable.from(piecesOf(opened), { highWaterMark: 1 })
      pieces.once('error', err => {
        request.log.error({ requestId: request.id, err }, 'a response broke off in the middle')
      })
      return reply.send(pieces)
    },
    cutOff() {
      setTimeout(() => {
        isOver = true
        for (const response of underWay) response.destroy()
      }, graceMs).unref()
    },
  }
}

/** The first piece, then the rest. It has no `throw`: however it ends, the source hears of it by `return`. */
const piecesOf = ({ first, rest }: OpenedStream): AsyncIterable<string> => {
  let isFirst = true
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (!isFirst) return await rest.next()
        isFirst = false
        return first as IteratorResult<string>
      },
      return: async () => (await rest.return?.()) ?? { done: true, value: undefined },
    }),
  }
}
