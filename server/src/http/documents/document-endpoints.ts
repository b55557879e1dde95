import { Refusal } from '../../kernel/index.ts'
import type { HeadMaker } from '../answer.ts'
import { presentedAuthorization } from '../bearer.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Exchange } from '../exchange.ts'
import { fileAnswer, type SentFile } from '../file-answer.ts'
import type { HttpOptions } from '../options.ts'
import { documentFile, documentPaths, toDocumentFile } from './document-files.ts'
import { describeApi, type OpenApiOptions } from './openapi.ts'
import { redocPage, swaggerPage } from './pages.ts'

type DocumentOptions = Pick<HttpOptions, 'docs' | 'guard' | 'isStaff'>

/**
 * The pages run their own scripts and call their own host, nothing else. Both libraries set styles on elements;
 * ReDoc builds its search index in a worker made of a blob.
 */
const pageContentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Whether somebody may see them is asked each time. */
const cached = { 'cache-control': 'private, no-cache' }

/** `/openapi.json`, `/swagger/` and `/redoc/`, for whom the settings let see them. Off, they do not exist. */
export function documentEndpoints(
  options: DocumentOptions,
  headOf: HeadMaker,
  describe: () => OpenApiOptions,
): Endpoint[] {
  if (options.docs === 'off') return []
  const admission = options.docs === 'staff' ? { admit: staffOnly(options) } : {}

  let document: SentFile | undefined
  const openApi: Endpoint = {
    method: 'GET',
    path: '/openapi.json',
    ...admission,
    answer(exchange) {
      document ??= toDocumentFile('application/json; charset=utf-8', JSON.stringify(describeApi(describe())))
      return fileAnswer(headOf, exchange, document, cached)
    },
  }
  const pages = documentPaths.map(
    (path): Endpoint => ({
      method: 'GET',
      path,
      ...admission,
      async answer(exchange) {
        const file = pageWithoutSlash(exchange) ?? (await documentFile(path))
        return fileAnswer(headOf, exchange, file, { ...cached, 'content-security-policy': pageContentPolicy })
      },
    }),
  )
  return [openApi, ...pages]
}

/** A page asked for without its trailing slash needs other links: a browser resolves them from the parent. */
function pageWithoutSlash({ path }: Exchange): SentFile | undefined {
  if (path.endsWith('/swagger')) return toDocumentFile('text/html; charset=utf-8', swaggerPage('./swagger'))
  if (path.endsWith('/redoc')) return toDocumentFile('text/html; charset=utf-8', redocPage('./redoc'))
  return undefined
}

const staffOnly = (options: DocumentOptions) => async (exchange: Exchange) => {
  const principal = await options.guard.authenticate(presentedAuthorization(exchange.request))
  if (!(await options.isStaff(principal))) throw new Refusal('permission_denied')
}
