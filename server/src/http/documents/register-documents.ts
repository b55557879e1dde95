import { readFile } from 'node:fs/promises'
import etag from '@fastify/etag'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Rejection } from '../../kernel/index.ts'
import { presentedAuthorization } from '../bearer.ts'
import { limitFilesOfConnection } from '../file-limit.ts'
import type { HttpDeps } from '../http-deps.ts'
import type { RegisteredRoute } from '../route-registry.ts'
import { openApiOptions } from './openapi.ts'
import { redocInit, redocPage, swaggerUiConfig } from './pages.ts'

type DocumentDeps = Pick<
  HttpDeps,
  'docs' | 'guard' | 'isStaff' | 'version' | 'publicUrl' | 'tags' | 'documentFiles'
>

/**
 * The pages run their own scripts and call their own host, nothing else. Both libraries set styles on elements; ReDoc
 * builds its search index in a worker made of a blob.
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

/**
 * `/openapi.json`, `/swagger/` and `/redoc/`, for the callers that the settings admit. Off, they do not exist.
 *
 * INVARIANT: each large document is one buffer for all responses. A client may ask for it hundreds of times at once and
 * read nothing.
 */
export function registerDocuments(
  app: FastifyInstance,
  deps: DocumentDeps,
  routes: () => readonly RegisteredRoute[],
): void {
  if (deps.docs === 'off') return
  app.register(swagger, openApiOptions(deps, routes))
  app.register(async scope => {
    scope.register(etag)
    if (deps.docs === 'staff') scope.addHook('onRequest', staffOnly(deps))
    // Whether the caller may see them is asked each time.
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'private, no-cache')
    })
    let document: Buffer | undefined
    const sendDocument = async (_request: FastifyRequest, reply: FastifyReply) => {
      document ??= Buffer.from(JSON.stringify(app.swagger()))
      return reply.type('application/json; charset=utf-8').send(document)
    }
    scope.get('/openapi.json', sendDocument)
    scope.register(async pages => {
      limitFilesOfConnection(pages)
      pages.addHook('onRequest', async (_request, reply) => {
        reply.header('content-security-policy', pageContentPolicy)
      })
      // Swagger UI asks for the document under an address of its own, where the plugin would make the text each time.
      pages.addHook('preHandler', async (request, reply) =>
        request.routeOptions.url === '/swagger/json' ? sendDocument(request, reply) : undefined,
      )
      pages.register(swaggerUi, {
        routePrefix: '/swagger',
        baseDir: deps.documentFiles.swagger,
        uiConfig: swaggerUiConfig,
        // No caller's address or document leaves this host.
        validatorUrl: false,
        theme: { title: 'Propusk API: try it out' },
      } as never)
      registerRedoc(pages, deps.documentFiles.redoc)
    })
  })
}

function registerRedoc(app: FastifyInstance, bundlePath: string): void {
  app.get('/redoc/', async (request, reply) => {
    // A page asked for without its trailing slash needs other links: a browser resolves them from the parent.
    const base = request.url.split('?', 1)[0]!.endsWith('/') ? '.' : './redoc'
    return reply.type('text/html; charset=utf-8').send(redocPage(base))
  })
  app.get('/redoc/init.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(redocInit),
  )
  let bundle: Promise<Buffer> | undefined
  app.get('/redoc/redoc.standalone.js', async (_request, reply) => {
    bundle ??= readRedoc(bundlePath)
    return reply.type('text/javascript; charset=utf-8').send(await bundle)
  })
}

/** The bundle names one picture on the maker's own host; a page of ours fetches nothing from anywhere else. */
async function readRedoc(path: string): Promise<Buffer> {
  const bundle = await readFile(path, 'utf8')
  const own = bundle.replaceAll(
    'https://cdn.redoc.ly/redoc/logo-mini.svg',
    'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E',
  )
  return Buffer.from(own)
}

const staffOnly = (deps: DocumentDeps) => async (request: FastifyRequest) => {
  const principal = await deps.guard.authenticate(presentedAuthorization(request.raw))
  if (!(await deps.isStaff(principal))) throw new Rejection('permission_denied')
}
