import { readFile } from 'node:fs/promises'
import etag from '@fastify/etag'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Rejection } from '../../kernel/index.ts'
import { presentedAuthorization } from '../authorize.ts'
import type { HttpDeps } from '../http-deps.ts'
import { limitFilesOfConnection } from '../pages.ts'
import type { RegisteredRoute } from '../route-registry.ts'
import { openApiOptions } from './openapi.ts'

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

declare const ui: {
  authActions: { logout(names: string[]): void }
  preauthorizeApiKey(name: string, key: string): void
}

/**
 * How Swagger UI shows the document. The interceptor runs in the browser: a person who signs in on the page by «Try it
 * out» is signed in for the calls that follow, until the page is closed.
 */
const swaggerUiConfig = {
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  layout: 'BaseLayout',
  responseInterceptor: (response: { url: string; ok: boolean; text: string }) => {
    const { pathname } = new URL(response.url)
    if (response.ok && /\/(login|register|token\/refresh)\/?$/.test(pathname)) {
      ui.preauthorizeApiKey('bearerAuth', JSON.parse(response.text).access)
    }
    if (response.ok && /\/(logout|token\/revoke_all)\/?$/.test(pathname))
      ui.authActions.logout(['bearerAuth'])
    return response
  },
} as const

/** `base` leads from the address of the page to its own folder: `.` from `/redoc/`, `./redoc` from `/redoc`. */
const redocPage = (base: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Propusk API: reference</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="redoc" data-document="${base}/../openapi.json"></div>
<script src="${base}/redoc.standalone.js"></script>
<script src="${base}/init.js"></script>
</body>
</html>
`

const redocInit = `'use strict'
const root = document.getElementById('redoc')
const sans = 'system-ui, sans-serif'
Redoc.init(root.dataset.document, {
  hideDownloadButtons: false,
  theme: { typography: { fontFamily: sans, headings: { fontFamily: sans }, code: { fontFamily: 'ui-monospace, monospace' } } },
}, root)
`
