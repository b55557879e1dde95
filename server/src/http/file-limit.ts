import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Rejection } from '../kernel/index.ts'

/** Files that one connection may be sent at once. A browser asks for the next when it has the one before. */
const mostFiles = 2

/**
 * Bounds how many files of a scope are under way on one connection: each holds a file that is open and what was read of it.
 * Twenty clients that asked for three hundred ahead of the responses, and read nothing, took 1 GB.
 */
export function limitFilesOfConnection(scope: FastifyInstance): void {
  const underWay = new WeakMap<Socket, number>()
  const countOf = (socket: Socket): number => underWay.get(socket) ?? 0

  scope.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw
    const count = countOf(socket) + 1
    underWay.set(socket, count)
    reply.raw.once('close', () => underWay.set(socket, countOf(socket) - 1))
    if (count > mostFiles) {
      reply.header('connection', 'close')
      throw new Rejection('too_many_requests')
    }
    done()
  })
}
