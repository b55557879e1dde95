import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/index.ts'
import { presentedAuthorization } from '../bearer.ts'
import type { HttpOptions } from '../options.ts'
import { type DocumentFile, documentFile, documentPaths, toDocumentFile } from './document-files.ts'
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

/** `/openapi.json`, `/swagger/` and `/redoc/`, for whom the settings let see them. Off, they do not exist. */
export function registerDocuments(
  engine: FastifyInstance,
  options: DocumentOptions,
  describe: () => OpenApiOptions,
): void {
  if (options.docs === 'off') return
  const onRequest = options.docs === 'staff' ? [staffOnly(options)] : []

  let document: DocumentFile | undefined
  engine.get('/openapi.json', { onRequest }, async (request, reply) => {
    document ??= toDocumentFile('application/json; charset=utf-8', JSON.stringify(describeApi(describe())))
    return sendFile(request, reply, document)
  })

  for (const path of documentPaths) {
    engine.get(path, { onRequest }, async (request, reply) => {
      reply.header('content-security-policy', pageContentPolicy)
      return sendFile(request, reply, pageWithoutSlash(request) ?? (await documentFile(path)))
    })
  }
}

/** A page asked for without its trailing slash needs other links: a browser resolves them from the parent. */
function pageWithoutSlash(request: FastifyRequest): DocumentFile | undefined {
  const path = (request.raw.url ?? '').split('?', 1)[0]!
  if (path.endsWith('/swagger')) return toDocumentFile('text/html; charset=utf-8', swaggerPage('./swagger'))
  if (path.endsWith('/redoc')) return toDocumentFile('text/html; charset=utf-8', redocPage('./redoc'))
  return undefined
}

const staffOnly = (options: DocumentOptions) => async (request: FastifyRequest) => {
  const authorization = presentedAuthorization(request.raw.rawHeaders, request.headers.authorization)
  const principal = await options.guard.authenticate(authorization)
  if (!(await options.isStaff(principal))) throw new Refusal('permission_denied')
}

/** RFC 9110 section 13.1.2: what the browser has already is not sent again. */
function sendFile(request: FastifyRequest, reply: FastifyReply, file: DocumentFile): FastifyReply {
  reply.header('etag', file.etag).header('cache-control', 'private, no-cache')
  const held = (request.headers['if-none-match'] ?? '').split(',')
  // A proxy that compresses marks the tag as weak; for this comparison that makes no difference.
  if (held.some(tag => tag.trim().replace(/^W\//, '') === file.etag)) return reply.code(304).send()
  return reply.type(file.contentType).send(file.bytes)
}
