import type { Socket } from 'node:net'

/** More than any client sends ahead of the responses (RFC 9112 section 9.3.2). */
export const mostPipelined = 8

/**
 * Counts the requests of each connection whose responses are not out. A client that sends hundreds ahead and reads
 * nothing would else have all their responses made and kept: 20 such connections took 1 GB.
 */
export function createPipelineCount() {
  const underWay = new WeakMap<Socket, number>()
  const countOf = (socket: Socket): number => underWay.get(socket) ?? 0
  return {
    /** Whether the connection has room for one request more. It counts from now on, until `end`. */
    begin(socket: Socket): boolean {
      const count = countOf(socket) + 1
      underWay.set(socket, count)
      return count <= mostPipelined
    },
    end: (socket: Socket): void => void underWay.set(socket, countOf(socket) - 1),
  }
}
