import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Random } from '../kernel/index.ts'
import type { Log } from './log.ts'
import { STATUS_CODES } from './node-server.ts'
import { type ProblemCode, problemHeaders, toProblem, transportProblem } from './problem.ts'

/**
 * Answers on the bare socket what Node could not read as a request, then closes it: after a malformed message the start
 * of the next one is unknown (RFC 9112 section 11.2).
 */
export function clientErrorAnswer(random: Random, log: Log, commonHeaders: Readonly<Record<string, string>>) {
  return function answer(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable || answerUnderWay(socket)?.headersSent) {
      socket.destroy()
      return
    }
    const current = answerUnderWay(socket)
    if (current?.req.complete) {
      // What cannot be read came after a whole request. That one has its own answer, the last on this connection.
      current.shouldKeepAlive = false
      return
    }
    log.info({ reason: error.code }, 'a request could not be read')
    const cause = transportProblem(codeOf(error.code))
    const problem = toProblem(cause, 'en', random.uuid())
    const body = JSON.stringify(problem)
    const headers = {
      ...commonHeaders,
      ...problemHeaders(cause, 'en'),
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`)
    // The peer may go on sending; it has been told, and is not listened to any longer.
    socket.destroySoon()
  }
}

/** In the middle of an answer a second one would be read as part of it; Node keeps the answer on its socket. */
const answerUnderWay = (socket: Socket): ServerResponse | undefined =>
  (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined

function codeOf(errorCode: string | undefined): ProblemCode {
  switch (errorCode) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout'
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large'
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'too_large'
    default:
      return 'invalid_request'
  }
}
