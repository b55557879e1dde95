import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { packImage } from '../../scripts/pack-image.ts'
import { workplace } from '../commands/support/propusk.ts'
import { type Anything, assertSettings, port, readDeploy, readYaml } from '../deploy/support/deploy.ts'
import { reportMissing } from '../support/report-missing.ts'
import { into, wayIntoRoot } from './support/empty-root.ts'
import { filesIn } from './support/files-in.ts'
import { serverVersion, signIn } from './support/server.ts'

const place = mkdtempSync(join(tmpdir(), 'propusk-image-'))
after(() => rmSync(place, { recursive: true, force: true }))
const layout = join(place, 'layout')

let tar = ''
const root = join(place, 'root')

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const readJson = (path: string): Anything => JSON.parse(readFileSync(path, 'utf8'))
const blob = ({ digest }: Anything) => join(layout, 'blobs', digest.replace(':', '/'))

/** Unpacked by a program that has no part in the packing. */
function unpack(archive: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['--extract', '--no-same-owner', '--file', archive, '--directory', folder])
}

const title = 'the image'
if (isDebian12()) describe(title, isWhole)
else reportMissing(title, 'it is made on Debian 12')

function isDebian12(): boolean {
  const release = '/etc/os-release'
  const text = existsSync(release) ? readFileSync(release, 'utf8') : ''
  return /^ID=debian$/m.test(text) && /^VERSION_ID="12"$/m.test(text)
}

function isWhole(): void {
  before(async () => {
    tar = await packImage(join(place, 'packed'))
    unpack(tar, layout)
    for (const layer of manifest().layers) unpack(blob(layer), root)
  })
  const index = () => readJson(join(layout, 'index.json'))
  const manifest = () => readJson(blob(index().manifests[0]))
  const config = () => readJson(blob(manifest().config))

  it('is made to the same digest again, under a name that says what it is', async () => {
    const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
    assert.equal(basename(tar), `propusk-${serverVersion}-linux-${architecture}.oci.tar`)
    const folder = join(place, 'again')
    const again = await packImage(folder)
    assert.equal(sha256(readFileSync(again)), sha256(readFileSync(tar)))
    rmSync(folder, { recursive: true })
  })

  it('is a layout of the OCI: every blob is named, and is what its name, size and type say', () => {
    assert.deepEqual(readJson(join(layout, 'oci-layout')), { imageLayoutVersion: '1.0.0' })
    assert.equal(index().mediaType, 'application/vnd.oci.image.index.v1+json')
    const descriptors = [index().manifests[0], manifest().config, ...manifest().layers]
    assert.deepEqual(
      descriptors.map(({ mediaType }) => mediaType.replace('application/vnd.oci.image.', '')),
      ['manifest.v1+json', 'config.v1+json', 'layer.v1.tar+gzip', 'layer.v1.tar+gzip'],
    )
    for (const descriptor of descriptors) {
      const bytes = readFileSync(blob(descriptor))
      assert.equal(sha256(bytes), descriptor.digest)
      assert.equal(bytes.length, descriptor.size)
    }
    assert.equal(readdirSync(join(layout, 'blobs/sha256')).length, descriptors.length)
    assert.deepEqual(
      config().rootfs.diff_ids,
      manifest().layers.map((layer: Anything) => sha256(gunzipSync(readFileSync(blob(layer))))),
    )
    assert.equal(config().history.length, manifest().layers.length)
    assert.deepEqual({ architecture: config().architecture, os: config().os }, index().manifests[0].platform)
  })

  it('has the name that compose.yaml asks for, for Docker old and new', () => {
    const [{ annotations }] = index().manifests
    assert.equal(annotations['io.containerd.image.name'], `docker.io/library/propusk:${serverVersion}`)
    const [{ Config, RepoTags, Layers }] = readJson(join(layout, 'manifest.json'))
    assert.deepEqual(RepoTags, [`propusk:${serverVersion}`])
    assert.equal(join(layout, Config), blob(manifest().config))
    assert.deepEqual(
      Layers.map((path: string) => join(layout, path)),
      manifest().layers.map(blob),
    )
  })

  it('is what the Dockerfile builds: user, environment, entry, command, port, volume and Node.js', () => {
    const instructions = dockerfile()
    const { Env, ...others } = config().config
    assert.equal(others.User, instructions.USER)
    assert.deepEqual(Object.keys(others.ExposedPorts), [instructions.EXPOSE])
    assert.deepEqual(Object.keys(others.Volumes), JSON.parse(instructions.VOLUME!))
    assert.equal(others.WorkingDir, instructions.WORKDIR)
    assert.deepEqual(others.Entrypoint, JSON.parse(instructions.ENTRYPOINT!))
    assert.deepEqual(others.Cmd, JSON.parse(instructions.CMD!))
    const environment = Env.filter((variable: string) => !variable.startsWith('PATH='))
    assert.deepEqual(environment, instructions.ENV!.split(/\s+/))
    const ours = environment.map((variable: string) => variable.split('=', 1)[0]!)
    assertSettings(ours)
    // A variable would win over the file of secrets that Compose mounts.
    const secrets = [...readDeploy('compose/make-secrets.sh').matchAll(/^(PROPUSK_\w+)=/gm)]
    assert.ok(secrets.length > 1)
    for (const [, name] of secrets) assert.ok(!ours.includes(name!), `${name}`)
    assert.equal(instructions.EXPOSE, `${port}/tcp`)
    assert.equal(instructions.FROM, `node:${process.versions.node}-bookworm-slim`)
  })

  it('gives /data to its user alone, and nothing else to any user', () => {
    const listed = manifest().layers.flatMap((layer: Anything) =>
      execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--gzip', '--file', blob(layer)], {
        encoding: 'utf8',
      })
        .trim()
        .split('\n')
        .map(line => line.split(/\s+/))
        .map(([mode, owner, , , , path]) => ({ mode: mode!, owner, path: path!.replace(/\/$/, '') })),
    ) as { mode: string; owner: string; path: string }[]
    assert.deepEqual(
      listed.filter(({ owner }) => owner !== '0/0'),
      [{ mode: 'drwx------', owner: '65532/65532', path: 'data' }],
    )
    const writable = listed.filter(({ mode }) => !mode.startsWith('l') && /^.{5}w|^.{8}w/.test(mode))
    assert.deepEqual(
      writable.map(({ path }) => path),
      ['tmp'],
    )
    assert.ok(listed.every(({ mode }) => !/s/i.test(mode)))
  })

  it('holds licences and sources of all that is in it, and is listed in a bill of materials', () => {
    const packages = ['libc6', 'libgcc-s1', 'libstdc++6']
    const sources = readFileSync(join(root, 'usr/share/doc/SOURCES'), 'utf8')
    const bom = readJson(`${tar}.sbom.cdx.json`)
    for (const name of packages) {
      assert.ok(statSync(join(root, `usr/share/doc/${name}/copyright`)).size > 1_000, name)
      assert.match(sources, new RegExp(`^${RegExp.escape(name)} .*https://snapshot\\.debian\\.org/`, 'm'))
      const part = bom.components.find((component: Anything) => component.name === name)
      assert.ok(part.purl.startsWith('pkg:deb/debian/'), name)
    }
    assert.match(
      readFileSync(join(root, 'usr/share/doc/node/LICENSE'), 'utf8'),
      /^Node\.js is licensed for use as follows/,
    )
    for (const name of ['LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES.txt'])
      assert.ok(statSync(join(root, 'usr/local/lib/node_modules/propusk', name)).size > 100, name)
  })

  const running = 'runs as its user on a read-only root'
  if (wayIntoRoot === undefined)
    reportMissing(running, 'neither user namespaces nor chroot are permitted to this user')
  else
    it(`${running}, writes nothing but /data, and is healthy as compose.yaml asks`, async () => {
      const before = filesIn(root)
      const { Env, Entrypoint, Cmd } = config().config
      const environment = Object.fromEntries(Env.map((variable: string) => variable.split('=')))
      // PATH is the container's, and would hide what leads into the root.
      const { PATH, ...settings } = environment
      const [entry] = Entrypoint
      const program = [join('/', PATH, entry)]
      // 0.0.0.0 would be reachable from outside of this machine for a moment.
      // Of npm, which runs this test, a container knows nothing.
      const through = ['env', '--unset=npm_command', '--unset=npm_lifecycle_event', ...into(root)]
      const inside = workplace({ ...settings, PROPUSK_HOST: '127.0.0.1' }, { through, program })
      const server = await inside.start(Cmd[0])
      await server.says(/or with this command: propusk user create/)
      const page = await fetch(`${server.url}/console/`)
      assert.equal(page.status, 200)
      assert.match(await page.text(), /<!doctype html>/i)

      const person = { email: 'first@example.org', password: 'correct horse battery staple' }
      const made = await inside.run(`user create ${person.email} --superuser`, `${person.password}\n`)
      assert.equal(made.code, 0, made.err)
      assert.equal((await signIn(server.url, person)).status, 200)
      probe(server.url, PATH)

      const { code, err } = await server.stop()
      // No warning: the native Argon2 is loaded.
      assert.deepEqual([code, err], [0, ''])
      assert.deepEqual(
        filesIn(root).filter(path => !before.includes(path)),
        ['data/propusk.db', 'data/propusk.db.key', 'data/propusk.db.seal'],
      )
      assert.throws(() => probe('http://127.0.0.1:1', PATH))
    })
}

/** The instructions of the Dockerfile by name; each stands once in it. */
function dockerfile(): Readonly<Record<string, string>> {
  const lines = readDeploy('image/Dockerfile')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split(/\n+/)
    .map(line => /^([A-Z]+)\s+(.*)$/.exec(line)!.slice(1) as [string, string])
  const instructions = Object.fromEntries(lines)
  assert.equal(Object.keys(instructions).length, lines.length)
  return instructions
}

/** Runs the health check of compose.yaml in the root, against another address. Throws when it says that it is unhealthy. */
function probe(url: string, path: string): void {
  const [, command, ...args] = healthCheck()
  const [program, ...rest] = [...into(root), join(path, command!), ...args]
  const options = rest.map(argument => argument.replace('http://127.0.0.1:8000', url))
  execFileSync(program!, options, { stdio: 'pipe' })
}

const healthCheck = (): string[] => readYaml('compose/compose.yaml').services.server.healthcheck.test
