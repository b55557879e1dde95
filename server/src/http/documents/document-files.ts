import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AssetName, assetPath } from '../../assets.ts'
import type { SentFile } from '../file-answer.ts'
import { redocInit, redocPage, swaggerInit, swaggerPage } from './pages.ts'

interface FileSource {
  readonly contentType: string
  read(): Promise<string | Buffer>
}

const html = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'

const text = (contentType: string, content: string): FileSource => ({
  contentType,
  read: async () => content,
})
const packaged = (contentType: string, asset: AssetName, file: string): FileSource => ({
  contentType,
  read: () => readFile(join(assetPath(asset), file)),
})

/**
 * Every file of the two pages, by its path. A map and no directory: nothing else in a package can be asked for,
 * however a path is written.
 */
const sources: Readonly<Record<string, FileSource>> = {
  '/swagger/': text(html, swaggerPage('.')),
  '/swagger/init.js': text(script, swaggerInit),
  '/swagger/swagger-ui.css': packaged(style, 'swagger', 'swagger-ui.css'),
  '/swagger/swagger-ui-bundle.js': packaged(script, 'swagger', 'swagger-ui-bundle.js'),
  '/swagger/favicon-32x32.png': packaged('image/png', 'swagger', 'favicon-32x32.png'),
  '/redoc/': text(html, redocPage('.')),
  '/redoc/init.js': text(script, redocInit),
  '/redoc/redoc.standalone.js': { contentType: script, read: readRedoc },
}

/** The bundle names one picture on the maker's own host; a page of ours fetches nothing from anywhere else. */
async function readRedoc(): Promise<string> {
  const bundle = await readFile(join(assetPath('redoc'), 'redoc.standalone.js'), 'utf8')
  return bundle.replaceAll(
    'https://cdn.redoc.ly/redoc/logo-mini.svg',
    'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E',
  )
}

export const documentPaths: readonly string[] = Object.keys(sources)

const loaded = new Map<string, Promise<SentFile>>()

/** A file of the pages, read when it is first asked for and kept. `path` is one of `documentPaths`. */
export function documentFile(path: string): Promise<SentFile> {
  const known = loaded.get(path)
  if (known !== undefined) return known
  const { contentType, read } = sources[path]!
  const loading = read().then(content => toDocumentFile(contentType, content))
  loaded.set(path, loading)
  return loading
}

export function toDocumentFile(contentType: string, content: string | Buffer): SentFile {
  const bytes = Buffer.from(content)
  return { contentType, bytes, etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"` }
}
