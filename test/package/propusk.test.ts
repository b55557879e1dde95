import assert from 'node:assert/strict'
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { npmPack } from '../../scripts/npm-pack.ts'
import { packPropusk } from '../../scripts/pack-propusk.ts'
import { build } from '../support/build.ts'
import { reportMissing } from '../support/report-missing.ts'
import { nodeFolder } from './support/nodes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'propusk-package-'))
const installed = join(place, 'app')
const running = new Set<ChildProcess>()

after(async () => {
  for (const child of running) {
    process.kill(-child.pid!, 'SIGKILL')
    await once(child, 'exit')
  }
  rmSync(place, { recursive: true, force: true })
})

/** Installs the tarball in a folder where nothing else is, without the network: Argon2 is packed from this install. */
before(async () => {
  await build('console', 'server')
  const tarball = await packPropusk(place)
  const native = globSync('node_modules/@node-rs/argon2*', { cwd: root }).map(path => join(root, path))
  const tarballs = await Promise.all(native.map(async folder => join(place, await npmPack(folder, place))))
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{ "private": true }\n')
  const flags = ['--offline', '--no-audit', '--no-fund', '--cache', join(place, 'cache')]
  await promisify(execFile)('npm', ['install', ...flags, tarball, ...tarballs], { cwd: installed })
})

interface Manifest {
  readonly name: string
  readonly engines?: { readonly node: string }
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifests = (): Manifest[] =>
  globSync('node_modules/{*,@*/*}/package.json', { cwd: installed }).map(path =>
    JSON.parse(readFileSync(join(installed, path), 'utf8')),
  )

describe('the package propusk, installed', () => {
  it('needs one other package, and is at most 18 MB in at most 6 packages', () => {
    const propusk = manifests().find(({ name }) => name === 'propusk')
    assert.deepEqual(Object.keys(propusk?.dependencies ?? {}), ['@node-rs/argon2'])
    assert.ok(manifests().length <= 6, `${manifests().length} packages`)
    const files = globSync('node_modules/*/**', { cwd: installed, exclude: name => name === '.bin' }).map(
      path => statSync(join(installed, path)),
    )
    const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
    assert.ok(bytes <= 18_000_000, `${bytes} bytes`)
  })

  it('runs no script at install', () => {
    for (const { name, scripts = {} } of manifests())
      for (const script of ['preinstall', 'install', 'postinstall'])
        assert.equal(scripts[script], undefined, `${name}: ${script}`)
  })

  it('holds its licence, the licences of what is in it, and its bill of materials', () => {
    for (const name of ['LICENSE', 'NOTICE', 'README.md', 'THIRD-PARTY-LICENSES.txt', 'sbom.cdx.json'])
      assert.ok(statSync(join(installed, 'node_modules/propusk', name)).size > 100, name)
  })

  for (const major of [22, 24, 26] as const) {
    const title = `runs on Node ${major}`
    const folder = nodeFolder(major)
    if (folder === undefined) reportMissing(title, `Node ${major} is not installed`)
    else describe(title, () => runsOn(folder))
  }

  const old = nodeFolder(20)
  const title = 'says in one line which Node.js it needs'
  if (old === undefined) reportMissing(title, 'Node 20 is not installed')
  else
    it(title, async () => {
      const { code, out, err } = await npx(old, ['--version'], emptyFolder()).ended
      assert.equal(code, 1)
      assert.equal(out, '')
      const needed = manifests()
        .find(({ name }) => name === 'propusk')
        ?.engines?.node.slice('>='.length)
      assert.equal(err, `propusk needs Node.js ${needed} or later; this is ${versionOf(old)}.\n`)
    })
})

function runsOn(folder: string): void {
  it('is tried on that Node.js indeed', async () => {
    const ran = npx(folder, ['-c', 'node --version'], emptyFolder(), [])
    assert.equal((await ran.ended).out, `v${versionOf(folder)}\n`)
  })

  it('npx propusk --version', async () => {
    const { code, out, err } = await npx(folder, ['--version'], emptyFolder()).ended
    const { version } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8'))
    assert.deepEqual({ code, out, err }, { code: 0, out: `${version}\n`, err: '' })
  })

  it('npx propusk demo, in an empty folder: console, documents, sign-in', async () => {
    const { url, stop } = await started(folder, 'demo')
    await showsPages(url)
    const answer = await signIn(url, { email: 'admin@example.com', password: 'admin-demo' })
    assert.equal(answer.status, 200)
    const { access } = (await answer.json()) as { access: string }
    const profile = await fetch(`${url}/api/auth/users/`, { headers: { authorization: `Bearer ${access}` } })
    assert.equal(profile.status, 200)
    await stop()
  })

  it('npx propusk serve, in an empty folder: console, documents, the first superuser, sign-in', async () => {
    const { url, stop, place } = await started(folder, 'serve')
    await showsPages(url)
    const person = { email: 'first@example.org', password: 'correct horse battery staple' }
    assert.equal((await signIn(url, person)).status, 401)
    const made = npx(folder, ['user', 'create', person.email, '--superuser'], place)
    made.child.stdin?.end(`${person.password}\n`)
    assert.equal((await made.ended).code, 0)
    assert.equal((await signIn(url, person)).status, 200)
    // A password is judged by the list that lies among the assets.
    const weak = await fetch(`${url}/api/auth/register/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'weak@example.org', password: 'qwertyuiop', password2: 'qwertyuiop' }),
    })
    assert.equal(weak.status, 400)
    assert.match(await weak.text(), /password/)
    await stop()
  })
}

async function showsPages(url: string): Promise<void> {
  const pages = {
    '/console/': /<!doctype html>/i,
    '/swagger/': /swagger-ui-bundle\.js/,
    '/redoc/': /redoc/,
    '/openapi.json': /"openapi"/,
    '/health/ready': /ok/,
  }
  for (const [path, pattern] of Object.entries(pages)) {
    const answer = await fetch(`${url}${path}`)
    assert.equal(answer.status, 200, path)
    assert.match(await answer.text(), pattern, path)
  }
  // What the pages load is there, too.
  for (const page of ['/console/', '/swagger/', '/redoc/']) {
    const html = await (await fetch(`${url}${page}`)).text()
    const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) => path!)
    assert.ok(scripts.length > 0, page)
    for (const script of scripts) {
      const answer = await fetch(new URL(script, `${url}${page}`))
      assert.equal(answer.status, 200, script)
      assert.match(answer.headers.get('content-type') ?? '', /javascript/, script)
      await answer.arrayBuffer()
    }
  }
}

const signIn = (url: string, person: { email: string; password: string }): Promise<Response> =>
  fetch(`${url}/api/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })

const versionOf = (folder: string): string =>
  execFileSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' }).trim().slice(1)

/** A folder of its own below the one of the install, where npx finds the package and the command finds nothing else. */
const emptyFolder = (): string => mkdtempSync(join(installed, 'empty-'))

/** Runs `npx propusk …` with one version of Node.js for npx and for the command, and with no setting. */
function npx(folder: string, args: readonly string[], cwd: string, command = ['propusk']) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:PROPUSK_|NODE_|npm_)/i.test(name))
  const env = {
    ...Object.fromEntries(inherited),
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    PROPUSK_PORT: '0',
  }
  // npm puts the commands of every folder above before the PATH, so the nearest of them names the Node.js.
  const link = join(installed, 'node_modules/.bin/node')
  rmSync(link, { force: true })
  symlinkSync(join(folder, 'node'), link)
  // A group of its own: a signal to it reaches the command, not only npx.
  const child = spawn('npx', ['--no', '--offline', ...command, ...args], { cwd, env, detached: true })
  running.add(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text
  })
  const ended = once(child, 'close').then(([code]: unknown[]) => {
    running.delete(child)
    return { code, out, err }
  })
  return { child, ended, said: () => out + err }
}

/** Starts a server on a free port and waits until it listens. */
async function started(folder: string, command: 'demo' | 'serve') {
  const place = emptyFolder()
  const { child, ended, said } = npx(folder, [command], place)
  const address = () => /Server listening at (http:\/\/[\w.:[\]]+)/.exec(said())?.[1]
  while (address() === undefined && running.has(child))
    await Promise.race([once(child.stdout, 'data'), ended])
  const url = address()
  assert.ok(url, said())
  return {
    url,
    place,
    async stop() {
      process.kill(-child.pid!, 'SIGTERM')
      const { err } = await ended
      assert.doesNotMatch(err, /Experimental|Error| {4}at /)
    },
  }
}
