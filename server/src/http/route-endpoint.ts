import { invalidField, message } from '../kernel/index.ts'
import { type Answer, type HeadMaker, jsonMediaType, type StreamedAnswer } from './answer.ts'
import { authorise } from './authorise.ts'
import { hasBody, requireJson } from './body.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange } from './exchange.ts'
import type { RequestGuard } from './options.ts'
import { callReader } from './read-call.ts'
import { type Access, isAnonymous, type Route } from './route.ts'
import { requireSameOrigin } from './same-origin.ts'
import { type OpenedStream, openStream } from './stream-answers.ts'

interface RouteSurroundings {
  readonly guard: RequestGuard
  readonly headOf: HeadMaker
  /** Where pages of our own are served from. */
  readonly publicOrigin: string
}

/** The endpoints of one route, one for each of its spellings. */
export function routeEndpoints(
  { guard, headOf, publicOrigin }: RouteSurroundings,
  basePath: string,
  route: Route,
): Endpoint[] {
  const { access, method } = route as { access: Access; method: Route['method'] }
  const readCall = callReader(route)
  const toAnswer = successAnswer(route, headOf)

  const judgeForm = ({ request: { headers } }: Exchange) => {
    route.assertOpen?.()
    if (route.body !== undefined) requireJson(headers, access === 'browser')
    // RFC 9110 section 9.3.1: content in a GET has no meaning, so it can only be a mistake or a smuggled request.
    else if (method === 'GET' && hasBody(headers)) throw invalidField('body', message('body.unexpected'))
  }

  const admit = (exchange: Exchange) => {
    if (access === 'browser') requireSameOrigin(exchange, publicOrigin)
    const asked = isAnonymous(access) ? undefined : authorise(guard, { method, access }, exchange)
    if (asked !== undefined) return asked.then(() => judgeForm(exchange))
    judgeForm(exchange)
  }

  const answer = (exchange: Exchange) => {
    const given: unknown = route.handler(readCall(exchange))
    const result = route.success.stream === true ? openStream(given as Streamed) : given
    if (!(result instanceof Promise)) return toAnswer(result)
    const outcome: Promise<unknown> = isAnonymous(access) ? result : guard.whileSure(result)
    return outcome.then(toAnswer)
  }

  return [route.path, ...(route.deprecatedPaths ?? [])].map(path => ({
    method,
    path: `${basePath}${path}`,
    admit,
    answer,
  }))
}

type Streamed = Parameters<typeof openStream>[0]

/** Makes answers of what the handler gives. Their head is always the same, so it is made once. */
function successAnswer({ success }: Route, headOf: HeadMaker): (result: unknown) => Answer | StreamedAnswer {
  const { status, contentType, headers } = success
  if (status === 204) {
    const head = headOf({ ...headers })
    return () => ({ status, head })
  }
  const head = headOf({ ...headers, 'content-type': contentType ?? jsonMediaType })
  if (success.stream === true) return result => ({ status, head, stream: result as OpenedStream })
  return contentType === undefined
    ? result => ({ status, head, body: JSON.stringify(result) })
    : result => ({ status, head, body: result as string })
}
