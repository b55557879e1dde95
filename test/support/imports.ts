import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'rolldown/utils'

/** One file of the source: where it stands below its root, what it says without comments, what it imports. */
export interface SourceFile {
  /** Such as `sessions/end-session.ts`. */
  readonly path: string
  /** The folder right below the root, or `''` for a file beside the modules. */
  readonly module: string
  readonly code: string
  /** Each import as a path below the same root, or as written when it is a package. */
  readonly imports: readonly string[]
}

export interface Comment {
  /** Such as `server/src/sessions/end-session.ts`. */
  readonly path: string
  readonly line: number
  readonly text: string
}

/** Every TypeScript file below a folder of the repository, without tests and their support. */
export function readSources(folder: string): SourceFile[] {
  return readTexts(folder).map(({ path, text }) => {
    const code = withoutComments(text)
    return {
      path,
      module: path.includes('/') ? path.split('/', 1)[0]! : '',
      code,
      imports: importsOf(path, code),
    }
  })
}

/** Every comment of the same files, by a parser: a `//` or a `/*` inside a string is not one. */
export const readComments = (folder: string): Comment[] =>
  readTexts(folder).flatMap(({ path, text }) =>
    parseSync(path, text).comments.map(({ value, start }) => ({
      path: `${folder}/${path}`,
      line: text.slice(0, start).split('\n').length,
      text: value,
    })),
  )

function readTexts(folder: string): { readonly path: string; readonly text: string }[] {
  const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url))
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('/testing/'))
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** A comment may name what the code may not do. A `//` inside a string, as in an address, is left alone. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[\s;{])\/\/.*$/gm, '$1')

function importsOf(path: string, code: string): string[] {
  const written = code.matchAll(/(?:\bfrom|\bimport\s*\(?)\s*'([^']+)'/g)
  return [...written].map(([, source]) => (source!.startsWith('.') ? below(path, source!) : source!))
}

const below = (path: string, source: string): string =>
  relative('/', join('/', path, '..', source)).replaceAll('\\', '/')
