import { message, Refusal } from '../kernel/index.ts'
import type { Answer, Head } from './answer.ts'
import type { Cors } from './cors.ts'
import type { Endpoints } from './endpoint.ts'
import type { Exchange } from './exchange.ts'

/**
 * Answers what no endpoint answers: 204 with `Allow` to OPTIONS on a known address (and the CORS preflight with
 * it), 405 with `Allow` to any other method there, 404 everywhere else. X-HTTP-Method-Override means nothing.
 */
export function answerUnmatched(endpoints: Endpoints, cors: Cors, head: Head, exchange: Exchange): Answer {
  const { method, path } = exchange
  const methods = endpoints.methodsAt(path)
  if (methods.length === 0) throw new Refusal('not_found')

  const allowed = [...methods, 'OPTIONS'].join(', ')
  // RFC 9110 section 15.5.6: a 405 must say what would have been taken.
  exchange.setHeader('allow', allowed)
  if (method !== 'OPTIONS') {
    throw new Refusal('method_not_allowed', {
      detail: message('refusal.method_not_allowed', { method, allowed }),
    })
  }
  cors.preflight(exchange, methods)
  return { status: 204, head }
}
