import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { type Library, packLibrary } from '../../../scripts/pack-library.ts'
import type { Installed } from './installed.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')

interface Manifest {
  readonly version: string
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>
  readonly [field: string]: unknown
}

interface Analysis {
  readonly packageName: string
  readonly types: { readonly kind: string }
  readonly problems: readonly { readonly kind: string; readonly resolutionKind?: string }[]
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** What holds for the packed form of every library. */
export function holdsForLibrary(library: Library, { tarball, folder }: Installed): void {
  const manifest = readManifest(folder)

  it('is packed under the name that npm gives it', () =>
    assert.equal(tarball.slice(tarball.lastIndexOf('/') + 1), `propusk-${library}-${manifest.version}.tgz`))

  it('is packed to the same bytes again, whatever the umask', async () => {
    const before = readFileSync(tarball)
    const umask = process.umask(0o002)
    try {
      const again = await packLibrary(library, `${tarball}.again`)
      assert.ok(readFileSync(again).equals(before))
    } finally {
      process.umask(umask)
    }
  })

  it('has no finding of publint', async () => {
    const packed = readFileSync(tarball)
    const tarBall = packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength)
    const { messages, pkg } = await publint({ pack: { tarball: tarBall }, strict: true })
    assert.equal(pkg?.name, `@propusk/${library}`)
    assert.deepEqual(
      messages.map(message => formatMessage(message, pkg)),
      [],
    )
  })

  it('has no finding of Are The Types Wrong', async () => {
    const flags = ['--profile', 'esm-only', '--format', 'json', '--no-definitely-typed']
    // Rejects for a finding; the report also lists what the profile leaves out: TypeScript's old `node10`, and `require`.
    const { stdout } = await promisify(execFile)(process.execPath, [attw, tarball, ...flags], {
      maxBuffer: 64 * 1024 * 1024,
    })
    const { analysis } = JSON.parse(stdout) as { readonly analysis: Analysis }
    assert.equal(analysis.packageName, `@propusk/${library}`)
    assert.equal(analysis.types.kind, 'included')
    assert.deepEqual(
      analysis.problems.filter(({ resolutionKind }) => !/^node10$|^node16-cjs$/.test(resolutionKind ?? '')),
      [],
    )
  })

  it('needs no other package and runs no script at install', () => {
    for (const field of ['dependencies', 'optionalDependencies', 'scripts', 'bin']) {
      assert.equal(manifest[field], undefined, field)
    }
    const { peerDependencies = {}, peerDependenciesMeta } = manifest
    for (const peer of Object.keys(peerDependencies)) {
      assert.deepEqual(peerDependenciesMeta?.[peer], { optional: true }, peer)
    }
    assert.deepEqual(manifest.engines, { node: '>=20' })
  })

  it('holds its licence, its document, what was built and the sources that maps name; no test', () => {
    const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter(entry => entry.isFile())
    const kinds = files.map(({ parentPath, name }) =>
      join(parentPath.slice(folder.length + 1), name).replace(
        /^(dist|src)\/(?:(?:adapters|session)\/)?[a-z0-9-]+(\.js|\.js\.map|\.d\.ts|\.d\.ts\.map|\.ts)$/,
        '$1/*$2',
      ),
    )
    assert.deepEqual([...new Set(kinds)].toSorted(), [
      'LICENSE',
      'README.md',
      'dist/*.d.ts',
      'dist/*.d.ts.map',
      'dist/*.js',
      'dist/*.js.map',
      'package.json',
      'src/*.ts',
    ])
    assert.equal(readFileSync(join(folder, 'LICENSE'), 'utf8'), readFileSync(join(root, 'LICENSE'), 'utf8'))
  })

  it('names no file that it lacks, in code, declarations and maps', () => {
    for (const file of globSync('dist/**/*.{js,ts,map}', { cwd: folder })) {
      const text = readFileSync(join(folder, file), 'utf8')
      const named = file.endsWith('.map')
        ? (JSON.parse(text).sources as string[])
        : [...text.matchAll(/(?:\bfrom |\bimport\()'(\.[^']+)'|sourceMappingURL=(\S+)/g)].map(
            ([, path, map]) => path ?? map!,
          )
      assert.ok(named.length > 0, file)
      for (const path of named) {
        assert.ok(existsSync(join(folder, file, '..', path)), `${file} names ${path}`)
        assert.ok(file.endsWith('.map') || !path.endsWith('.ts'), `${file} names ${path}`)
      }
    }
  })

  it('links to nothing beside it in its document', () => {
    const links = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\(([^)]+)\)/g)]
    assert.deepEqual(
      links.map(([, target]) => target!).filter(target => !/^(?:#|https:)/.test(target)),
      [],
    )
  })
}
