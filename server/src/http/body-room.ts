import type { FastifyReply, FastifyRequest } from 'fastify'
import { Rejection } from '../kernel/index.ts'
import { bodyLimitBytes } from './body.ts'

/** Nearly every body is shorter, and never has to wait for others. */
const freeBytes = 1_024

/** What all bodies that are being read may take beyond that, together: some 130 of the longest. */
const sharedBytes = 8 * 1_024 * 1_024

/**
 * A hook that bounds the memory of bodies that are sent slowly: ten thousand connections, each a byte short of the longest
 * body, would hold 650 MB for as long as a request may take. Refuses with `too_many_requests` where long bodies take all the room.
 */
export function bodyRoom(): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  let takenBytes = 0
  return (request, reply, done) => {
    const bytes = longestBody(request) - freeBytes
    if (bytes > 0) {
      if (takenBytes + bytes > sharedBytes) {
        reply.header('connection', 'close')
        throw new Rejection('too_many_requests', { retryAfterSeconds: 1 })
      }
      takenBytes += bytes
      // Comes once, when the response is out or the connection is gone.
      reply.raw.once('close', () => {
        takenBytes -= bytes
      })
    }
    done()
  }
}

/** Without a length it may be as long as any body. One whose length is beyond that is refused before it is read. */
function longestBody({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimitBytes
  const bytes = Number(headers['content-length'] ?? 0)
  return bytes > bodyLimitBytes ? 0 : bytes
}
