import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A stream whose first piece has come. */
export interface OpenedStream {
  readonly first: IteratorResult<string, unknown>
  readonly rest: AsyncIterator<string>
}

export interface StreamAnswers {
  /**
   * Sends the pieces after a head that was written, as fast as the caller reads them; to HEAD, none. Resolves when the
   * last one is out or the caller is gone; rejects when the source fails, and the connection is cut by then.
   */
  send(response: ServerResponse, isHead: boolean, opened: OpenedStream): Promise<void>
  /** Lets what is under way go on for a moment, then cuts it off: no stream keeps the server from closing. */
  cutOff(): void
}

/** Long enough for a list that is nearly out, and a small part of the ten seconds that a stop may take. */
const graceMs = 2_000

/** Waits for the first piece. What is thrown before it is the answer, as from any other handler. */
export async function openStream(
  answer: AsyncIterable<string> | Promise<AsyncIterable<string>>,
): Promise<OpenedStream> {
  const rest = (await answer)[Symbol.asyncIterator]()
  return { first: await rest.next(), rest }
}

/**
 * Answers that are sent piece by piece. INVARIANT: one that is not finished, because it failed or because the server
 * closes, ends with a cut connection and without its last chunk: a caller never takes a part for the whole
 * (RFC 9112 section 8).
 */
export function createStreamAnswers(): StreamAnswers {
  const underWay = new Set<ServerResponse>()
  let isOver = false
  return {
    async send(response, isHead, opened) {
      if (isHead) {
        // Whatever the source does about its end concerns nobody any more. No length is promised for what was not made.
        opened.rest.return?.().catch(() => {})
        response.end()
        return
      }
      if (isOver) response.destroy()
      underWay.add(response)
      try {
        // The source is asked for a piece when the ones before have gone out: a caller that does not read costs no more
        // than the few that the socket holds. The pipeline ends the source when the caller goes away.
        await pipeline(Readable.from(piecesOf(opened), { highWaterMark: 1 }), response)
      } catch (error) {
        if (!isCallerGone(error)) throw error
      } finally {
        underWay.delete(response)
      }
    },
    cutOff() {
      setTimeout(() => {
        isOver = true
        for (const response of underWay) response.destroy()
      }, graceMs).unref()
    },
  }
}

const isCallerGone = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_UNABLE_TO_PIPE'].includes(
    String((error as NodeJS.ErrnoException).code),
  )

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
