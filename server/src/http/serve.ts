import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { invalidField, message, Refusal } from '../kernel/index.ts'
import { type HeadMaker, headersOf, type StreamedAnswer, send } from './answer.ts'
import { auditDenial, isDenial } from './authorise.ts'
import { countHeader } from './bearer.ts'
import { bodyLimitBytes, hasBody } from './body.ts'
import type { Cors } from './cors.ts'
import type { AnyAnswer, Endpoint, Endpoints } from './endpoint.ts'
import { Exchange, type Surroundings } from './exchange.ts'
import type { Log } from './log.ts'
import type { RequestGuard } from './options.ts'
import { Outbox } from './outbox.ts'
import { readBytes } from './read-bytes.ts'
import { sendProblem } from './send-problem.ts'
import type { StreamAnswers } from './stream-answers.ts'
import { answerUnmatched } from './unmatched.ts'

export interface Service extends Surroundings {
  readonly endpoints: Endpoints
  readonly guard: RequestGuard
  readonly cors: Cors
  readonly streams: StreamAnswers
  readonly log: Log
  readonly headOf: HeadMaker
  readonly isClosing: () => boolean
  /** Told of every exchange whose answer was given out. */
  readonly answered: (exchange: Exchange) => void
}

/**
 * The one way of every request: head, endpoint, who asks, body, answer. What has nothing to wait for waits for nothing:
 * an access check costs less than a handful of promises would.
 */
export function serve(service: Service): RequestListener {
  const plainHead = service.headOf({})
  const outbox = new Outbox()

  const begin = (exchange: Exchange) => {
    service.cors.decorate(exchange)
    if (service.isClosing()) refuseLate(exchange)
    judgeHosts(exchange.request)
    const match = service.endpoints.find(exchange.method, exchange.path)
    if (match === undefined) {
      return give(exchange, answerUnmatched(service.endpoints, service.cors, plainHead, exchange))
    }
    const { endpoint, params } = match
    exchange.pattern = endpoint.path
    exchange.params = params
    const admitted = endpoint.admit?.(exchange)
    if (admitted === undefined) return readBody(endpoint, exchange)
    admitted.then(() => readBody(endpoint, exchange)).catch(error => fail(exchange, error))
  }

  const readBody = (endpoint: Endpoint, exchange: Exchange) => {
    // A body has no meaning there: where it may not stand at all, it was refused by now.
    if (endpoint.method === 'GET' || !hasBody(exchange.request.headers)) return answer(endpoint, exchange)
    readBytes(exchange.request, bodyLimitBytes, (refusal, bytes) => {
      if (refusal !== undefined) return refuseBody(exchange, refusal)
      exchange.body = bytes
      attempt(exchange, () => answer(endpoint, exchange))
    })
  }

  const answer = (endpoint: Endpoint, exchange: Exchange) => {
    const given = endpoint.answer(exchange)
    if (!(given instanceof Promise)) return give(exchange, given)
    given.then(each => give(exchange, each)).catch(error => fail(exchange, error))
  }

  const give = (exchange: Exchange, answer: AnyAnswer) => {
    if ('stream' in answer) return giveStream(exchange, answer)
    outbox.post(() =>
      attempt(exchange, () => {
        send(exchange, answer)
        service.answered(exchange)
      }),
    )
  }

  const giveStream = (exchange: Exchange, { status, head, stream }: StreamedAnswer) => {
    const { response, method } = exchange
    let isOver = false
    const end = () => {
      if (!isOver) service.answered(exchange)
      isOver = true
    }
    // The last piece is out, or the connection broke before.
    response.once('finish', end).once('close', end)
    response.writeHead(status, headersOf(exchange, head))
    service.streams.send(response, method === 'HEAD', stream).catch(error => breakOff(exchange, error))
  }

  /** The client may go on sending what nobody reads any more. */
  const refuseBody = (exchange: Exchange, refusal: Refusal) => {
    exchange.setHeader('connection', 'close')
    fail(exchange, refusal)
  }

  const fail = (exchange: Exchange, error: unknown) => {
    if (!isDenial(error, exchange)) return answerProblem(exchange, error)
    auditDenial(service.guard, service.log, exchange, error).then(() => answerProblem(exchange, error))
  }

  const answerProblem = (exchange: Exchange, error: unknown) => {
    // In the middle of an answer a second one would be read as part of it.
    if (exchange.response.headersSent) return breakOff(exchange, error)
    outbox.post(() => {
      try {
        sendProblem(service.log, service.headOf, exchange, error)
        service.answered(exchange)
      } catch (err) {
        breakOff(exchange, err)
      }
    })
  }

  const breakOff = ({ id, response }: Exchange, err: unknown) => {
    service.log.error({ requestId: id, err }, 'an answer broke off in the middle')
    response.destroy()
  }

  const attempt = (exchange: Exchange, step: () => void) => {
    try {
      step()
    } catch (error) {
      fail(exchange, error)
    }
  }

  return (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, service)
    attempt(exchange, () => begin(exchange))
  }
}

/** A server that closes finishes what is under way and takes nothing new, on this connection neither. */
function refuseLate(exchange: Exchange): never {
  exchange.setHeader('connection', 'close')
  throw new Refusal('unavailable')
}

/** RFC 9112 section 3.2: two Hosts, or none in HTTP/1.1, must be a 400. */
function judgeHosts({ rawHeaders, httpVersion }: IncomingMessage): void {
  const hosts = countHeader(rawHeaders, 'host')
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw invalidField('host', message('host.required'))
  }
}
