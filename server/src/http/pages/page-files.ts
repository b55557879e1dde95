import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** How a file can be sent, the best first. */
export const codings = ['br', 'gzip', 'identity'] as const
export type Coding = (typeof codings)[number]

export interface PageFile {
  readonly contentType: string
  /** The codings that it lies there in; `identity` always. */
  readonly codings: ReadonlySet<Coding>
  read(coding: Coding): Promise<FileContent>
}

export interface FileContent {
  readonly bytes: Buffer
  readonly etag: string
}

/** Every file of the built pages, by its path below the directory, with slashes. */
export type PageFiles = ReadonlyMap<string, PageFile>

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const suffixes = { br: '.br', gzip: '.gz', identity: '' } as const satisfies Record<Coding, string>

/**
 * Lists the directory once. INVARIANT: what is served is a file of this list: no path of a request ever becomes a path of
 * the disk. Files of an unknown kind, hidden ones and links are not in it.
 */
export async function listPageFiles(directory: string): Promise<PageFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(join(directory, sep).length).split(sep).join('/'))
    .filter(name => !name.split('/').some(part => part.startsWith('.')))
  const present = new Set(names)
  return new Map(
    names.flatMap(name => {
      const contentType = contentTypes[extname(name)]
      if (contentType === undefined) return []
      const found = codings.filter(coding => present.has(name + suffixes[coding]))
      return [[name, { contentType, codings: new Set(found), read: reader(join(directory, name)) }]]
    }),
  )
}

/** Reads each form of a file when it is first asked for, and keeps it. A reading that failed is not kept. */
function reader(path: string): PageFile['read'] {
  const kept = new Map<Coding, Promise<FileContent>>()
  return coding => {
    const known = kept.get(coding)
    if (known !== undefined) return known
    const reading = readFile(path + suffixes[coding]).then(bytes => ({
      bytes,
      etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`,
    }))
    kept.set(coding, reading)
    reading.catch(() => kept.delete(coding))
    return reading
  }
}
