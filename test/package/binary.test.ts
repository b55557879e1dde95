import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { packBinary } from '../../scripts/pack-binary.ts'
import { type Propusk, workplace } from '../commands/support/propusk.ts'
import { reportMissing } from '../support/report-missing.ts'
import { fillRoot, into, wayIntoRoot } from './support/empty-root.ts'
import { filesIn } from './support/files-in.ts'
import { serverVersion, signIn } from './support/server.ts'

const place = mkdtempSync(join(tmpdir(), 'propusk-binary-'))
after(() => rmSync(place, { recursive: true, force: true }))

let executable = ''
before(async () => {
  executable = await packBinary(join(place, 'packed'))
})

const person = { email: 'first@example.org', password: 'correct horse battery staple' }
const slowHashes = /^Warning: Argon2's native library cannot be loaded here/m

/** What is asked of a server in either place. */
async function answers({ url }: Propusk): Promise<void> {
  for (const [path, pattern] of [
    ['/health/ready', /ok/],
    ['/console/', /<!doctype html>/i],
    ['/swagger/', /swagger-ui-bundle\.js/],
    ['/swagger/swagger-ui-bundle.js', /SwaggerUI/i],
    ['/redoc/', /redoc/],
    ['/openapi.json', /"openapi"/],
  ] as const) {
    const answer = await fetch(`${url}${path}`)
    assert.equal(answer.status, 200, path)
    assert.match(await answer.text(), pattern, path)
  }
  // A password is checked against the list that lies among the assets.
  const weak = await fetch(`${url}/api/auth/register/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'weak@example.org', password: 'qwertyuiop', password2: 'qwertyuiop' }),
  })
  assert.equal(weak.status, 400)
  assert.match(await weak.text(), /password/)
}

describe('the single executable', () => {
  it('is made to the same bytes again, under a name that says what it is', async () => {
    assert.equal(basename(executable), `propusk-${serverVersion}-${process.platform}-${process.arch}`)
    const folder = join(place, 'again')
    const again = await packBinary(folder)
    const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
    assert.equal(hashOf(again), hashOf(executable))
    rmSync(folder, { recursive: true })
  })

  it('holds the licences of what is in it', () => {
    const bytes = readFileSync(executable)
    for (const text of ['Node.js is licensed for use as follows', 'Propusk carries code and files of these'])
      assert.ok(bytes.includes(text), text)
  })

  it('comes with a bill of materials that names its Node.js', () => {
    const bom = JSON.parse(readFileSync(`${executable}.sbom.cdx.json`, 'utf8'))
    const names = bom.components.map(({ name, version }: Record<string, string>) => `${name} ${version}`)
    assert.ok(names.includes(`node ${process.versions.node}`))
    // Of Argon2's binaries the one that is in it.
    const argon2 = names.filter((name: string) => name.startsWith('@node-rs/argon2'))
    assert.equal(argon2.length, 2)
    const binary = `@node-rs/argon2-${process.platform}-${process.arch}`
    assert.ok(argon2.some((name: string) => name.startsWith(binary)))
    const refs = bom.components.map((component: Record<string, string>) => component['bom-ref'])
    assert.deepEqual(bom.dependencies[0].dependsOn, refs)
  })

  it('loads the native Argon2 from itself, and leaves no file of its own', async () => {
    const { start, directory } = workplace({ TMPDIR: place }, { program: [executable] })
    const before = readdirSync(place)
    const server = await start()
    await answers(server)
    const { code, err } = await server.stop()
    assert.deepEqual([code, err], [0, ''])
    assert.deepEqual(readdirSync(place), before)
    assert.deepEqual(readdirSync(directory), ['data'])
  })

  it('names file and line of the sources in a stack trace', async () => {
    const trace = join(place, 'trace.cjs')
    writeFileSync(
      trace,
      `const { Server } = require('node:http')
       const { listen } = Server.prototype
       Server.prototype.listen = function (...given) {
         console.error(new Error('listening').stack)
         return listen.apply(this, given)
       }`,
    )
    const { start } = workplace({ NODE_OPTIONS: `--require ${trace}` }, { program: [executable] })
    const { err } = await (await start()).stop()
    const line = Number(/^ {4}at async listen \(\S*\/src\/cli\/run-server\.ts:(\d+):\d+\)$/m.exec(err)?.[1])
    const source = readFileSync(new URL('../../server/src/cli/run-server.ts', import.meta.url), 'utf8')
    assert.match(source.split('\n')[line - 1] ?? err, /app\.listen\(/)
  })

  const title = 'runs in an empty root with the libraries of the system alone, as a user without a right'
  if (wayIntoRoot === undefined)
    reportMissing(title, 'neither user namespaces nor chroot are permitted to this user')
  else describe(title, inEmptyRoot)
})

function inEmptyRoot(): void {
  const root = join(place, 'root')
  const database = { PROPUSK_DATABASE_URL: 'sqlite:/data/propusk.db' }
  const inside = () => workplace(database, { through: into(root), program: ['/propusk'] })
  before(() => {
    mkdirSync(root)
    fillRoot(root, executable, 'propusk')
  })

  it('says its version', async () => {
    assert.deepEqual(await inside().run('--version'), {
      code: 0,
      signal: null,
      out: `${serverVersion}\n`,
      err: '',
    })
  })

  it('serves console, documents and sign-in, and ends by SIGTERM; it writes the database and its key, no more', async () => {
    const before = filesIn(root)
    const { run, start } = inside()
    const server = await start()
    await server.says(/or with this command/)
    assert.match(server.out(), /^ {2}http:\/\/localhost:\d+\/console\/setup\/#token=[\w-]{43}$/m)
    assert.match(server.out(), /^or with this command: \/propusk user create /m)
    // Without /proc nothing can be loaded from memory.
    assert.match(server.err(), slowHashes)
    await answers(server)
    assert.equal((await signIn(server.url, person)).status, 401)
    const made = await run(`user create ${person.email} --superuser --staff`, `${person.password}\n`)
    assert.equal(made.code, 0, made.err)
    assert.equal((await signIn(server.url, person)).status, 200)
    const { code, out } = await server.stop()
    assert.equal(code, 0, out)
    assert.match(out, /stopping: finishing requests under way/)
    assert.deepEqual(
      filesIn(root).filter(path => !before.includes(path)),
      ['data/propusk.db', 'data/propusk.db.key', 'data/propusk.db.seal'],
    )
  })

  it('takes passwords hashed by the native Argon2, and the other way round', async () => {
    const outside = workplace(
      { PROPUSK_DATABASE_URL: `sqlite:${join(root, 'data/propusk.db')}` },
      { program: [executable] },
    )
    const people: { email: string; password: string }[] = []
    for (const [email, { run }] of [
      ['node@example.org', inside()],
      ['native@example.org', outside],
    ] as const) {
      people.push({ ...person, email })
      const { code, err } = await run(`user create ${email}`, `${person.password}\n`)
      assert.equal(code, 0, err)
    }
    for (const { start } of [outside, inside()]) {
      const server = await start()
      for (const account of people)
        assert.equal((await signIn(server.url, account)).status, 200, account.email)
      assert.equal((await server.stop()).code, 0)
    }
  })
}
