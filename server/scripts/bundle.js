// Bundles the server into server/dist. JavaScript, because it runs after an install, on whatever Node.js is there.
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { cycloneDx } from '../../scripts/cyclone-dx.js'
import {
  describePackage,
  filesIn,
  packagesOf,
  readLock,
  readManifest,
  sorted,
} from '../../scripts/packages.js'
import { thirdPartyLicences } from '../../scripts/third-party-licences.js'

/** Native, so it cannot be bundled: the one package that is installed beside the build. */
export const external = '@node-rs/argon2'

/** A package is loaded when it is first called, not when its caller is. */
const onCall = (name, method) => `(...given) => require('${name}').${method}(...given)`
const yamlOnCall = [
  "const yaml = require('yaml')",
  `const yaml = { parse: ${onCall('yaml', 'parse')}, stringify: ${onCall('yaml', 'stringify')} }`,
]

/**
 * Modules that look for files beside themselves, where a bundle has none; and packages that hardly a request needs, which
 * would take a tenth of each start. Each text must be there exactly once, so that an update that changes it fails here,
 * at the build.
 */
const replacements = {
  '@fastify/static/index.js': [
    ["const { glob } = require('glob')", `const glob = ${onCall('glob', 'glob')}`],
  ],
  '@fastify/swagger-ui/index.js': [
    [
      "path.join(__dirname, './static/logo.svg')",
      "path.join(require('propusk:assets').assetPath('swagger'), 'logo.svg')",
    ],
  ],
  '@fastify/swagger-ui/lib/routes.js': [
    yamlOnCall,
    ["path.join(__dirname, '..', 'static')", "require('propusk:assets').assetPath('swagger')"],
  ],
  '@fastify/swagger/lib/mode/static.js': [yamlOnCall],
  '@fastify/swagger/lib/spec/openapi/index.js': [yamlOnCall],
  '@fastify/swagger/lib/spec/swagger/index.js': [yamlOnCall],
  '@fastify/swagger/lib/util/read-package-json.js': [
    [
      "JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json')))",
      "require('../../package.json')",
    ],
  ],
  '@prometheus-io/client/lib/metrics/processCpuTotal.js': [
    [
      "const OtelApi = require('@opentelemetry/api');",
      "const OtelApi = { get trace() { return require('@opentelemetry/api').trace }, get context() { return require('@opentelemetry/api').context } };",
    ],
  ],
}

/** Transports are workers, which load their file by its path. Our logs are written by the process itself. */
const withoutWorkers = {
  'pino/lib/transport.js':
    "module.exports = () => { throw new Error('The build has no transports of pino: logs go to standard output.') }",
}

/** The few files that pages for browsers ask for, of those that lie in the packages. */
const swaggerFiles = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'index.css',
  'logo.svg',
  'oauth2-redirect.html',
  'oauth2-redirect.js',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
]
const redocFiles = ['redoc.standalone.js']

/** Packages of which files are copied. Those of Swagger UI lie in Fastify's plugin; its own package has the licences. */
const copied = ['@fastify/swagger-ui', 'swagger-ui-dist', 'redoc']

/** Written by the console's build. */
const packagesOfConsole = 'console/dist/.packages.json'

/**
 * Writes `server/dist`: `main.js`, which any Node.js can read, `chunks/`, `assets/` with the pages of the console, and what all
 * that is made of: licences and a bill of materials. Paths in the output are told from the root, so that it is the same
 * wherever that lies.
 *
 * @param {{ root: string }} options The root of the repository, where the console is built already.
 */
export async function bundleServer({ root }) {
  const manifest = await readManifest(join(root, 'server'))
  // Beside its place, so that what is there goes on until the new one is whole.
  const out = join(root, 'server/dist-building')
  await rm(out, { recursive: true, force: true })
  const output = await writeChunks({ root, out, input: { start: 'server/src/start.ts' } })
  await writeMain(root, out, minimumNode(manifest))
  await copyAssets(root, join(out, 'assets'))
  await writeContents(root, out, manifest, output)

  const place = join(root, 'server/dist')
  await rm(place, { recursive: true, force: true })
  await rename(out, place)
}

/** The licences and the bill of materials, made from the modules that really are in the output. */
async function writeContents(root, out, manifest, output) {
  const bundled = sorted([
    ...(await packagesOf(root, filesIn(output))),
    ...(await Promise.all(copied.map(name => describePackage(root, join(root, 'node_modules', name))))),
    ...JSON.parse(await readFile(join(root, packagesOfConsole), 'utf8')),
  ])
  await writeFile(join(out, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(root, bundled))
  const product = { ...manifest, name: 'propusk' }
  const bom = await cycloneDx(root, product, sorted([...bundled, ...(await installedBeside(root))]))
  await writeFile(join(out, 'sbom.cdx.json'), bom)
}

/** The native package, and the binaries of all platforms, one of which an install brings. */
async function installedBeside(root) {
  const bindings = Object.entries(await readLock(root))
    .map(([folder, { version, license }]) => ({ folder, version, licence: license }))
    .filter(({ folder }) => folder.startsWith(`node_modules/${external}-`))
    .map(found => ({ ...found, name: found.folder.slice('node_modules/'.length), isOptional: true }))
  return [await describePackage(root, join(root, 'node_modules', external)), ...bindings]
}

/** The code of packages, apart from ours: one chunk for each set of entries that needs it. */
const packages = 'packages'
const isOfPackages = name => name === packages || name.startsWith(`${packages}~`)

/**
 * Writes the modules that start at `input` as chunks, with all that they import. The benches bundle what the server is
 * measured against in the same way.
 *
 * @param {{ root: string, out: string, input: Record<string, string> }} options
 */
export async function writeChunks({ root, out, input }) {
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: [external],
    transform: { target: `node${minimumNode(await readManifest(join(root, 'server')))}` },
    plugins: [withoutOwnFolders(root), withoutMapsOfPackages],
    onLog: failOnWarning,
  })
  const { output } = await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: 'chunks/[name].js',
    chunkFileNames: ({ name }) => `chunks/${isOfPackages(name) ? 'packages' : '[name]'}-[hash].js`,
    // Logs and stack traces show them.
    keepNames: true,
    comments: false,
    // Text of one byte a character is read faster than UTF-8, and takes half of the memory.
    charset: 'ascii',
    codeSplitting: { groups: [{ name: packages, test: /node_modules/, entriesAware: true }] },
    // Names and lines of sources are what a stack trace shows; their text would be three times as much as the code.
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  return output
}

/**
 * A map of packages leads nowhere (see `withoutOwnFolders`), and Node.js reads through the text of each chunk that has one
 * when it loads it: a tenth of a start.
 *
 * @type {import('rolldown').Plugin}
 */
const withoutMapsOfPackages = {
  name: 'propusk-without-maps-of-packages',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !isOfPackages(chunk.name)) continue
      chunk.code = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
      delete bundle[`${chunk.fileName}.map`]
    }
  },
}

/** A warning of the bundler is a fault to be looked at: an import that is not there, a module that is taken for another. */
function failOnWarning(level, log, next) {
  if (level === 'warn') throw new Error(`${log.code}: ${log.message}`)
  next(level, log)
}

/** The lowest Node.js that the published package names, such as `22.16.0`. */
function minimumNode({ engines }) {
  const minimum = /^>=(\d+\.\d+\.\d+)$/.exec(engines?.node ?? '')?.[1]
  if (minimum === undefined) throw new Error('server/package.json must name engines.node as ">=x.y.z"')
  return minimum
}

/** @returns {import('rolldown').Plugin} */
function withoutOwnFolders(root) {
  return {
    name: 'propusk-without-own-folders',
    resolveId: id => (id === 'propusk:assets' ? join(root, 'server/src/assets.ts') : null),
    transform(code, id) {
      const name = nameInPackages(id)
      if (name === undefined) return null
      const patched = withoutWorkers[name] ?? replaced(name, code)
      // `require.resolve` and these names work from sources only; who uses them has to be looked at.
      const lost = /\b(?:__dirname|__filename)\b|\brequire\.resolve\(/.exec(withoutComments(patched))
      if (lost !== null)
        throw new Error(`${name} uses ${lost[0]}, which a bundle does not have: see server/scripts/bundle.js`)
      // No map: a stack trace names our sources, and of packages the place in the chunk, which can be read as it is.
      return { code: patched, map: { mappings: '' } }
    },
  }
}

const withoutComments = code =>
  code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[\s;{])\/\/.*$/gm, '$1')

function replaced(name, code) {
  let patched = code
  for (const [from, to] of replacements[name] ?? []) {
    if (code.split(from).length !== 2)
      throw new Error(`${name} does not hold ${from} once: see server/scripts/bundle.js`)
    patched = patched.replace(from, () => to)
  }
  return patched
}

/** `pg/lib/client.js`, of a path with `node_modules` in it. */
function nameInPackages(id) {
  const folder = `${sep}node_modules${sep}`
  const at = id.lastIndexOf(folder)
  return at === -1 ? undefined : id.slice(at + folder.length).replaceAll('\\', '/')
}

/** The entry of the sources with another start to load. It must name the Node.js that the package asks for. */
async function writeMain(root, out, minimum) {
  const source = await readFile(join(root, 'server/src/main.js'), 'utf8')
  const main = source.replace("'./start.ts'", "'./chunks/start.js'")
  if (main === source || !source.includes(`'${minimum}'`))
    throw new Error(
      `server/src/main.js must load './start.ts' and name '${minimum}', as server/package.json does`,
    )
  await writeFile(join(out, 'main.js'), main, { mode: 0o755 })
}

/** The same places as in server/src/assets.ts. */
async function copyAssets(root, out) {
  const from = {
    swagger: join(root, 'node_modules/@fastify/swagger-ui/static'),
    redoc: join(root, 'node_modules/redoc/bundles'),
  }
  await mkdir(out, { recursive: true })
  await cp(join(root, 'console/dist'), join(out, 'console'), {
    recursive: true,
    filter: path => !path.endsWith('.packages.json'),
  })
  await cp(join(root, 'server/assets/leaked-passwords.bin'), join(out, 'leaked-passwords.bin'))
  for (const file of swaggerFiles) await cp(join(from.swagger, file), join(out, 'swagger', file))
  for (const file of redocFiles) await cp(join(from.redoc, file), join(out, 'redoc', file))
}
