import type { Answer, StreamedAnswer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import type { Method } from './route.ts'
import { type Match, Router } from './router.ts'

/** What answers one method at one path. */
export interface Endpoint {
  readonly method: Method
  readonly path: string
  /**
   * Throws the Refusal of a request that is not let in. Asked after routing and before the body is read, so no
   * spelling of a path leads around it. A promise is for the rare moment in which something has to be waited for.
   */
  admit?(exchange: Exchange): Promise<void> | void
  answer(exchange: Exchange): Promise<AnyAnswer> | AnyAnswer
}

export type AnyAnswer = Answer | StreamedAnswer

/** All that the server answers to. */
export interface Endpoints {
  add(endpoint: Endpoint): void
  /** HEAD is answered where GET is (RFC 9110 section 9.3.2). Throws a Refusal 400 for a path that cannot be read. */
  find(method: string, path: string): Match<Endpoint> | undefined
  /** What the path takes, in the order in which `Allow` names it. */
  methodsAt(path: string): readonly string[]
}

const routableMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export function createEndpoints(): Endpoints {
  const router = new Router<Endpoint>()
  const find = (method: string, path: string) => router.find(method === 'HEAD' ? 'GET' : method, path)
  return {
    add: endpoint => router.add(endpoint.method, endpoint.path, endpoint),
    find,
    methodsAt: path => routableMethods.filter(method => find(method, path) !== undefined),
  }
}
