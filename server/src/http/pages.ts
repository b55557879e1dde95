import { lstatSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { message, Rejection } from '../kernel/index.ts'
import type { HttpDeps } from './http-deps.ts'
import { addVary } from './request.ts'
import { basePathOf } from './target.ts'

/** Stands in the built page where the nonce of the response belongs. */
const noncePlace = '__CSP_NONCE__'
/** Stands there before the address of each file, where the path of the public URL belongs. */
const basePlace = '__BASE_PATH__'

/** Where the names of files change with their content. */
const hashedFolder = 'assets/'

/** The kinds of file that the pages are made of. Anything else in their folder is not served. */
const servedExtensions = new Set([
  '.js',
  '.css',
  '.json',
  '.webmanifest',
  '.txt',
  '.svg',
  '.png',
  '.ico',
  '.woff2',
])

/** The console and the account pages: one built page at many addresses, and its files. */
export function registerPages(
  app: FastifyInstance,
  { pagesDirectory, random, publicUrl }: Pick<HttpDeps, 'pagesDirectory' | 'random' | 'publicUrl'>,
): void {
  const basePath = basePathOf(publicUrl)
  // A URL holds no quotes and no angle brackets; an ampersand it may hold.
  const basePathInHtml = basePath.replaceAll('&', '&amp;')
  app.register(async scope => {
    limitFilesOfConnection(scope)
    const readPage = async (): Promise<string> => {
      const html =
        pagesDirectory && (await readFile(join(pagesDirectory, 'index.html'), 'utf8').catch(noneIfAbsent))
      if (!html) throw new Rejection('not_found', { detail: message('pages.not_built') })
      return html
    }
    const answerPage = async (_request: FastifyRequest, reply: FastifyReply) => {
      const html = await readPage()
      const nonce = Buffer.from(random.bytes(16)).toString('base64')
      // Each response is another, so there is nothing for a browser to compare a copy with.
      reply.headers({ 'content-security-policy': pageContentPolicy(nonce), 'cache-control': 'no-cache' })
      return reply
        .type('text/html; charset=utf-8')
        .send(html.replaceAll(noncePlace, nonce).replaceAll(basePlace, () => basePathInHtml))
    }
    for (const path of ['/console/', '/account/', '/account/*']) scope.get(path, answerPage)

    if (pagesDirectory !== undefined) {
      scope.register(fastifyStatic, {
        root: pagesDirectory,
        serve: false,
        preCompressed: true,
        index: false,
        dotfiles: 'ignore',
        cacheControl: false,
        suppressWarning: true,
        allowedPath: (path: string, root: unknown) => isServed(path, String(root)),
      } as never)
    }
    scope.get('/console/*', async (request, reply) => {
      const name = (request.params as { '*': string })['*']
      // The addresses within the console have no dots; the files all do.
      if (!isFileName(name)) return answerPage(request, reply)
      await readPage()
      reply.header(
        'cache-control',
        name.startsWith(hashedFolder) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      addVary(reply, 'Accept-Encoding')
      return reply.sendFile(name)
    })
  })

  app.get('/', async (request, reply) => {
    addVary(reply, 'Accept')
    // A program gets a problem; a person is shown the way.
    if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) throw new Rejection('not_found')
    return reply.redirect(`${basePath}/console/`)
  })
}

const isFileName = (name: string): boolean => `${name}/`.startsWith(hashedFolder) || /\.[^/]*$/.test(name)

/** Regular files of the kinds above, no links. @fastify/static has seen to it that the path stays in the folder. */
function isServed(path: string, root: string): boolean {
  if (!servedExtensions.has(extname(path))) return false
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true
}

function noneIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/**
 * Scripts are files of our own. Styles are too, and those elements that carry the nonce of the answer: the console's
 * widgets make some while they run. They also set them by way of `innerHTML`, so `require-trusted-types-for` would stop
 * them; nothing else is given up for it, as no script can come from a text.
 */
const pageContentPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')

/** Files that one connection may be sent at once. A browser asks for the next when it has the one before. */
const mostFiles = 2

/**
 * Bounds how many files of a scope are under way on one connection: each holds a file that is open and what was read of it.
 * Twenty clients that asked for three hundred ahead of the responses, and read nothing, took 1 GB.
 */
export function limitFilesOfConnection(scope: FastifyInstance): void {
  const filesOf = new WeakMap<Socket, number>()
  const countOf = (socket: Socket): number => filesOf.get(socket) ?? 0

  scope.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw
    const count = countOf(socket) + 1
    filesOf.set(socket, count)
    reply.raw.once('close', () => filesOf.set(socket, countOf(socket) - 1))
    if (count > mostFiles) {
      reply.header('connection', 'close')
      throw new Rejection('too_many_requests')
    }
    done()
  })
}
