import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { isBuiltin, SourceMap } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
mkdirSync(join(root, 'dist'), { recursive: true })
// Beside the repository's own files, so that the packages can be linked instead of copied.
const place = mkdtempSync(join(root, 'dist/builds-'))
after(() => rmSync(place, { recursive: true, force: true }))

const first = join(place, 'first')
const second = join(place, 'at/another/depth/second')
before(() => {
  buildIn(first)
  buildIn(second)
})

/** Copies what a checkout and its install hold, and builds there. */
function buildIn(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'server',
    'gate',
    'client',
    'console',
    'scripts',
    // The console shows what it says of the settings.
    'docs/settings.ru.md',
  ])
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: path => !/[\\/](?:dist|node_modules)$/.test(path),
    })
  for (const modules of globSync('{node_modules,*/node_modules}', { cwd: root }))
    linkFolder(join(root, modules), join(folder, modules))
  execFileSync(process.execPath, ['scripts/build.js'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** The same files under another path. A link to a package of the workspace leads to the copy, as it is relative. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkFolder(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else linkFile(source, target)
  }
}

function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    copyFileSync(from, to)
  }
}

/** Each file of the build with a hash of what is in it. */
function filesOf(folder: string): Record<string, string> {
  const files = globSync('{server,console}/dist/**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
  return Object.fromEntries(
    files.map(path => [
      relative(folder, path),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  )
}

const chunks = () => globSync('server/dist/chunks/*.js', { cwd: first }).map(path => join(first, path))
const read = (path: string) => readFileSync(join(first, path), 'utf8')

describe('the build', () => {
  it('gives the same bytes in another folder', () => {
    const files = filesOf(first)
    assert.ok(Object.keys(files).length > 100)
    assert.deepEqual(filesOf(second), files)
  })

  it('names no place of the machine', () => {
    for (const path of Object.keys(filesOf(first)))
      assert.ok(!readFileSync(join(first, path)).includes(root.slice(0, -1)), path)
  })

  it('imports nothing but Node.js and the one native package', () => {
    const imported = chunks().flatMap(path =>
      [
        ...readFileSync(path, 'utf8').matchAll(
          /^(?:import|export)\b[^'"\n]*["']([^"'\n]+)["'];?$|\bimport\(["']([^"'\n]+)["']\)/gm,
        ),
      ].map(([, name, loaded]) => name ?? loaded!),
    )
    const packages = imported.filter(name => !name.startsWith('.') && !isBuiltin(name))
    assert.deepEqual([...new Set(packages)], ['@node-rs/argon2'])
  })

  it('loads each command, and the driver of PostgreSQL, only when it is asked for', () => {
    const names = chunks().map(path => path.slice(path.lastIndexOf('/') + 1))
    for (const lazy of ['serve', 'demo', 'doctor', 'migrate', 'backup', 'open-postgres'])
      assert.ok(
        names.some(name => new RegExp(`^${lazy}-[\\w-]{8}\\.js$`).test(name)),
        lazy,
      )
    const start = reachable(join(first, 'server/dist/chunks/start.js'))
    for (const path of start) assert.doesNotMatch(path, /open-postgres|compose|doctor-/)
  })

  it('maps its own code to the sources', () => {
    const text = read('server/dist/chunks/start.js')
    const before = text.slice(0, text.indexOf('async function start(')).split('\n')
    const map = new SourceMap(JSON.parse(read('server/dist/chunks/start.js.map')))
    const entry = map.findEntry(before.length - 1, 0)
    assert.ok('originalSource' in entry)
    assert.equal(entry.originalSource, '../../src/start.ts')
    const line = read('server/src/start.ts').split('\n')[entry.originalLine]
    assert.match(line ?? '', /^export async function start\(/)
  })

  it('carries the licences of what is in it: of the server, of the console, of the documents’ pages', () => {
    const licences = read('server/dist/THIRD-PARTY-LICENSES.txt')
    for (const name of ['kysely', 'pg', 'react', '@mantine/core', 'redoc', 'swagger-ui-dist', 'rolldown'])
      assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
    assert.match(licences, /Permission is hereby granted/)
    assert.match(licences, /SIL OPEN FONT LICENSE/)
    assert.doesNotMatch(licences, /^(?:typescript|fast-check|axe-core) \d/m)
  })

  it('lists the same packages, and the native ones, in its bill of materials', () => {
    const bom = JSON.parse(read('server/dist/sbom.cdx.json'))
    assert.equal(bom.bomFormat, 'CycloneDX')
    assert.equal(bom.specVersion, '1.6')
    const listed = bom.components.map((component: { name: string; version: string }) =>
      [component.name, component.version].join(' '),
    )
    const titles = read('server/dist/THIRD-PARTY-LICENSES.txt')
      .split(`\n\n${'-'.repeat(80)}\n\n`)
      .slice(1)
      .map(part => part.split('\n', 1)[0]!.replace(/ \([^)]*\)$/, ''))
    const native = listed.filter((name: string) => name.startsWith('@node-rs/argon2'))
    for (const name of ['@node-rs/argon2', '@node-rs/argon2-linux-x64-gnu', '@node-rs/argon2-darwin-arm64'])
      assert.ok(
        native.some((found: string) => found.startsWith(`${name} `)),
        name,
      )
    assert.deepEqual(listed.toSorted(), [...titles, ...native].toSorted())
    for (const component of bom.components) assert.match(component.hashes[0].content, /^[0-9a-f]{128}$/)
  })

  it('has every asset that the server reads', () => {
    for (const path of [
      'console/index.html',
      'leaked-passwords.bin',
      'redoc/redoc.standalone.js',
      'swagger/swagger-ui-bundle.js',
    ])
      assert.ok(existsSync(join(first, 'server/dist/assets', path)), path)
  })
})

/** The files that loading this one loads at once. */
function reachable(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path)) return known
  known.add(path)
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/^import\b[^'"\n]*["'](\.\/[^"'\n]+)["'];?$/gm))
    reachable(join(dirname(path), name!), known)
  return known
}
