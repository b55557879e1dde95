// `npm run pack:image`: the server as an image of the OCI, for Linux on the processor of this machine, without Docker.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { type DebianPackage, type Library, librariesOf, partOf } from './debian-libraries.ts'
import { packPropusk } from './pack-propusk.ts'
import { billOfMaterials, nativeFiles, nodeLicence, nodePart, root, version } from './runtime.ts'
import { digesting, type Entry, tarOf } from './write-tar.ts'

/** What a container of the image runs, and as whom. deploy/image/Dockerfile says the same. */
const container = {
  User: '65532:65532',
  ExposedPorts: { '8000/tcp': {} },
  Env: [
    'PATH=/usr/local/bin',
    // Outside of a container nothing but this machine reaches the server; here its address is the container's own.
    'PROPUSK_HOST=0.0.0.0',
    'PROPUSK_DATABASE_URL=sqlite:/data/propusk.db',
  ],
  Entrypoint: ['propusk'],
  Cmd: ['serve'],
  Volumes: { '/data': {} },
  WorkingDir: '/data',
  Labels: {
    'org.opencontainers.image.title': 'propusk',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'Apache-2.0',
  },
}

/** The names that the OCI has from Go. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

const user = 65_532
const appFolder = 'usr/local/lib/node_modules/propusk'

/**
 * Writes an image as a folder (the OCI's image layout) and as a tar of it, which `docker load` and `podman load` read;
 * gives the path of the tar. Two runs give the same digest. Needs `npm run build` and Debian 12.
 */
export async function packImage(destination = join(root, 'dist/image')): Promise<string> {
  const architecture = architectures[process.arch]
  if (process.platform !== 'linux' || architecture === undefined)
    throw new Error(`No image can be made on ${process.platform} with ${process.arch}`)
  const native = await nativeFiles()
  const addon = [...native.values()].find(file => file.endsWith('.node'))!
  const libraries = await librariesOf([process.execPath, addon])

  await mkdir(destination, { recursive: true })
  // Beside its destination, so that the last steps are renames.
  const stage = await mkdtemp(join(destination, '.image-'))
  const name = `propusk-${version}-linux-${architecture}`
  try {
    const layout = join(stage, 'layout')
    await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
    const layers = [
      await writeLayer(layout, await base(libraries), 'Node.js, and the libraries that it needs'),
      await writeLayer(layout, await app(stage, native), 'Propusk'),
    ]
    await writeIndex(layout, layers, architecture)
    await pipeline(tarOf(await filesOf(layout)), createWriteStream(join(stage, `${name}.oci.tar`)))

    await rm(join(destination, name), { recursive: true, force: true })
    await rename(layout, join(destination, name))
    await rename(join(stage, `${name}.oci.tar`), join(destination, `${name}.oci.tar`))
    const parts = [nodePart, ...packagesOf(libraries).map(partOf)]
    await writeFile(join(destination, `${name}.oci.tar.sbom.cdx.json`), await billOfMaterials(parts))
    return join(destination, `${name}.oci.tar`)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

const packagesOf = (libraries: readonly Library[]): DebianPackage[] =>
  [...new Set(libraries.map(library => library.package))].toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** What changes with Node.js and Debian only. There is no shell and no other program. */
async function base(libraries: readonly Library[]): Promise<Map<string, Entry>> {
  const packages = packagesOf(libraries)
  const sources = packages.map(
    ({ name, version, source }) =>
      `${name} ${version}: https://snapshot.debian.org/package/${source.name}/${source.version}/`,
  )
  return new Map<string, Entry>([
    ['data', { folder: true, mode: 0o700, owner: user }],
    ['tmp', { folder: true, mode: 0o1777 }],
    // Where the runtime mounts its own.
    ...['dev', 'proc', 'sys', 'run/secrets'].map(path => [path, { folder: true }] as const),
    [
      'etc/passwd',
      {
        content: `root:x:0:0::/:/sbin/nologin\npropusk:x:${user}:${user}::/data:/sbin/nologin\n`,
      },
    ],
    ['etc/group', { content: `root:x:0:\npropusk:x:${user}:\n` }],
    ['etc/nsswitch.conf', { content: 'hosts: files dns\n' }],
    ['usr/local/bin/node', { file: process.execPath, mode: 0o755 }],
    ['usr/share/doc/node/LICENSE', { content: await nodeLicence() }],
    ...libraries.map(({ path }) => [path.slice(1), { file: path, mode: 0o755 }] as const),
    ...packages.map(
      ({ name, copyright }) => [`usr/share/doc/${name}/copyright`, { content: copyright }] as const,
    ),
    [
      'usr/share/doc/SOURCES',
      {
        content: `The shared libraries are those of Debian 12, unchanged. Their sources:\n\n${sources.join('\n')}\n`,
      },
    ],
  ])
}

/** What `npm install --global propusk` would install: the package, and Argon2 inside it. */
async function app(stage: string, native: ReadonlyMap<string, string>): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for (const [path, content] of await readPackage(await packPropusk(stage)))
    entries.set(`${appFolder}/${path}`, { content })
  const main = `${appFolder}/dist/main.js`
  entries.set(main, { content: await mainWithoutEnv(entries.get(main)), mode: 0o755 })
  for (const [path, file] of native) entries.set(`${appFolder}/node_modules/${path}`, { file })
  entries.set('usr/local/bin/propusk', { link: '../lib/node_modules/propusk/dist/main.js' })
  return entries
}

/** The image has no `env` that would look for `node`. */
async function mainWithoutEnv(entry: Entry | undefined): Promise<string> {
  const main = entry !== undefined && 'content' in entry ? String(entry.content) : ''
  const [first, ...rest] = main.split('\n')
  if (first !== '#!/usr/bin/env node') throw new Error(`dist/main.js of the package starts with ${first}`)
  return ['#!/usr/local/bin/node', ...rest].join('\n')
}

/** The files of a package of npm, which lie in its tarball below `package/`. */
async function readPackage(tarball: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const archive = extract()
  const reading = pipeline(createReadStream(tarball), createGunzip(), archive)
  for await (const entry of archive) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    if (entry.header.type === 'file')
      files.set(entry.header.name.replace(/^package\//, ''), Buffer.concat(chunks))
  }
  await reading
  return files
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

interface Layer {
  readonly descriptor: Descriptor
  /** The digest before it was compressed. */
  readonly diffId: string
  readonly about: string
}

const blob = (layout: string, digest: string): string =>
  join(layout, 'blobs/sha256', digest.slice('sha256:'.length))

async function writeLayer(
  layout: string,
  entries: ReadonlyMap<string, Entry>,
  about: string,
): Promise<Layer> {
  const file = join(layout, 'blobs/layer')
  const [plain, compressed] = [digesting(), digesting()]
  await pipeline(
    tarOf(entries),
    chunks => plain.through(chunks),
    createGzip(),
    chunks => compressed.through(chunks),
    createWriteStream(file),
  )
  const result = compressed.result()
  await rename(file, blob(layout, result.digest))
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'
  return { descriptor: { mediaType, ...result }, diffId: plain.result().digest, about }
}

async function writeJson(layout: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(value))
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  await writeFile(blob(layout, digest), bytes)
  return { mediaType, digest, size: bytes.length }
}

/** https://github.com/opencontainers/image-spec: config, manifest and index; and `manifest.json`, for Docker before 25. */
async function writeIndex(layout: string, layers: readonly Layer[], architecture: string): Promise<void> {
  // The same image whenever it is made.
  const created = '1970-01-01T00:00:00Z'
  const config = await writeJson(layout, 'application/vnd.oci.image.config.v1+json', {
    created,
    architecture,
    os: 'linux',
    config: container,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ about }) => ({ created, created_by: about })),
  })
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = await writeJson(layout, mediaType, {
    schemaVersion: 2,
    mediaType,
    config,
    layers: layers.map(({ descriptor }) => descriptor),
  })
  const annotations = {
    'org.opencontainers.image.ref.name': version,
    'io.containerd.image.name': `docker.io/library/propusk:${version}`,
  }
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...manifest, platform: { architecture, os: 'linux' }, annotations }],
  }
  const ofDocker = {
    Config: `blobs/sha256/${config.digest.slice('sha256:'.length)}`,
    RepoTags: [`propusk:${version}`],
    Layers: layers.map(({ descriptor }) => `blobs/sha256/${descriptor.digest.slice('sha256:'.length)}`),
  }
  await writeFile(join(layout, 'index.json'), JSON.stringify(index))
  await writeFile(join(layout, 'manifest.json'), JSON.stringify([ofDocker]))
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

async function filesOf(layout: string): Promise<Map<string, Entry>> {
  const names = await readdir(join(layout, 'blobs/sha256'))
  const paths = ['index.json', 'manifest.json', 'oci-layout', ...names.map(name => `blobs/sha256/${name}`)]
  return new Map(paths.map(path => [path, { file: join(layout, path) }]))
}

if (import.meta.main) console.log(await packImage())
