import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it, mock } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { seedDemo } from '../server/src/demo/index.ts'
import { startBehindProxy } from './support/behind-proxy.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { goodPassword, testWorld } from './support/world.ts'

/*
 * Runs the examples of the documents against a server with the demo's data. The service of docs/own-service.md is run by
 * test/commands/own-service.test.ts.
 */

interface Example {
  readonly language: string
  readonly code: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const examplesOf = (document: string): readonly Example[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ([, language, code]) => ({ language: language!, code: code! }),
  )

/** Examples that are not run, each by how it begins: what they need is a machine of their own. */
const notRun: Readonly<Record<string, string>> = {
  '$ npm ci': 'the banner and the sign-in: test/commands/demo.test.ts',
  'export PROPUSK_': 'test/commands/serve.test.ts and move.test.ts',
  'npm run cli -- ': 'test/commands/',
  'npm install ./propusk-': 'test/package/',
  'npm ci ': 'scripts of package.json: test/contributing.test.ts',
  'npm run openapi': 'test/openapi.test.ts',
  'Subject: ': 'server/src/mail/',
  'npx --no -- node own-service.ts': 'test/commands/own-service.test.ts',
  'There is no superuser yet.': 'test/commands/serve.test.ts',
  'sudo install -m 755': 'test/package/binary.test.ts',
  'docker load': 'test/package/image.test.ts',
  'sudo install -d': 'test/deploy/systemd.test.ts',
  'curl -sX POST localhost:3000/api/auth/api_keys/': 'server/src/api-keys/routes.test.ts',
  'npm init': 'test/examples/protect-your-api.test.ts',
  'cd deploy/compose': 'test/deploy/compose.test.ts',
  'kubectl create': 'test/deploy/kubernetes.test.ts',
}

const readmes = ['README.md', 'README.ru.md']
const isRunInShell = ({ language, code }: Example) =>
  language === 'sh' && /\b(?:URL|sign_in|post)\b/.test(code)

// Below the repository, so that the modules find ours, and outside node_modules, where types are not stripped.
mkdirSync(join(root, 'dist'), { recursive: true })
const folder = mkdtempSync(join(root, 'dist/examples-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let modules = 0
// biome-ignore lint/suspicious/noExplicitAny: the exports are what a document says.
async function load(code: string): Promise<any> {
  modules += 1
  const path = join(folder, `example-${modules}.ts`)
  writeFileSync(path, code)
  return await import(pathToFileURL(path).href)
}

/** The one example of a document that begins so; an import of ours is led to its file. */
function exampleThat(document: string, begins: string): string {
  const found = examplesOf(document).filter(({ code }) => code.startsWith(begins))
  assert.equal(found.length, 1, `${document} has ${found.length} examples that begin with «${begins}»`)
  return found[0]!.code.replaceAll("'../http/index.ts'", `'${join(root, 'server/src/http/index.ts')}'`)
}

/** What the comments below a command say that it prints: JSON, over several lines, with `…` for what is left out. */
const expectedAnswers = (script: string): readonly RegExp[] =>
  [...script.matchAll(/^# (\{.*(?:\n# {2}.*)*)/gm)].map(([, text]) => {
    const parts = text!.replaceAll(/\n# {2}/g, '').split('…')
    return new RegExp(`^${parts.map(RegExp.escape).join('.*')}$`)
  })

async function demoWorld() {
  const world = await testWorld()
  await seedDemo(world.core)
  return { world, address: await world.server.app.listen({ host: '127.0.0.1', port: 0 }) }
}

/** A server that knows the resource which the examples protect. */
async function worldWithInvoices(options: Parameters<typeof testWorld>[0] = {}) {
  const world = await testWorld(options)
  const superuser = await world.superuser()
  const body = { name: 'Invoices', code_name: 'invoices' }
  const { status } = await world.call('POST', '/resources/', { token: superuser.access, body })
  assert.equal(status, 201)
  return { world, superuser }
}

describe('the examples of the documents', () => {
  it('are each run here, or stand in the list of those that are run elsewhere', () => {
    const documents = globSync('{*.md,client/*.md,gate/*.md,docs/**/*.md}', { cwd: root })
    const unknown = documents.flatMap(document =>
      examplesOf(document)
        .filter(example => ['sh', 'console', ''].includes(example.language) && !isRunInShell(example))
        .filter(({ code }) => !Object.keys(notRun).some(begin => code.startsWith(begin)))
        .map(({ code }) => `${document}: ${code.split('\n')[0]}`),
    )
    assert.deepEqual(unknown, [])
  })

  for (const document of readmes) {
    it(`of ${document} print in a shell what the comments below them say`, async () => {
      const { address } = await demoWorld()
      const script = examplesOf(document)
        .filter(isRunInShell)
        .map(({ code }) => code)
        .join('\n')
      assert.ok(script.includes('URL=http://127.0.0.1:8000\n'))
      const run = script.replace('URL=http://127.0.0.1:8000', `URL=${address}`)
      // `--norc`: bash takes a socket as its input for a remote shell, and reads the start file of the machine.
      const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-euc', run])
      assert.equal(stderr, '')
      const lines = stdout.split('\n').filter(line => line !== '')
      const expected = expectedAnswers(script)
      assert.ok(expected.length >= 5, `${expected.length} answers are expected`)
      let from = 0
      for (const answer of expected) {
        const at = lines.findIndex((line, index) => index >= from && answer.test(line))
        assert.ok(at >= from, `No line after ${from} is ${answer}:\n${lines.join('\n')}`)
        from = at + 1
      }
      const problems = lines.filter(line => line.includes('urn:propusk:problem:'))
      assert.ok(
        problems.every(line => expected.some(answer => answer.test(line))),
        `Problems of which the document says nothing:\n${problems.join('\n')}`,
      )
    })

    it(`of ${document} add a route that answers those who hold its permission`, async () => {
      const [routes, plan] = exampleThat(document, '// server/src/invoices/').split(
        /^\/\/ server\/src\/cli.*$/m,
      )
      assert.match(
        readFileSync(join(root, 'server/src/cli/commands/serve.ts'), 'utf8'),
        /runServer\(context, \{/,
      )
      assert.match(plan!, /^\nrunServer\(context, \{/)
      const { apis } = (await load(`${routes}\n${plan!.replace('runServer(context, ', 'export default (')}`))
        .default
      const { world } = await worldWithInvoices({ apis })
      const reader = await world.withPermissions('invoices:read')
      const answer = await world.call('GET', '/api/invoices/7/', { token: reader.access })
      assert.deepEqual([answer.status, answer.body], [200, { id: 7, amount: 1200 }])
      const other = await world.register()
      assert.equal((await world.call('GET', '/api/invoices/7/', { token: other.access })).status, 403)
    })

    it(`of ${document} ask for a decision over HTTP`, async () => {
      const { world, address } = await demoWorld()
      const code = exampleThat(document, 'async function mayDo').replace('http://127.0.0.1:8000', address)
      const { mayDo } = await load(`${code}\nexport { mayDo }`)
      const { access } = await world.login({ email: 'user@example.com', password: 'user-demo' })
      assert.equal(await mayDo(`Bearer ${access}`, 'documents', 'read'), 200)
      assert.equal(await mayDo(`Bearer ${access}`, 'documents', 'delete'), 403)
      assert.equal(await mayDo('Bearer none', 'documents', 'read'), 401)
    })

    it(`of ${document} ask a gate that follows the server`, async () => {
      const proxy = await startTcpProxy({ host: '127.0.0.1', port: 1 })
      after(() => proxy.close())
      const world = await startBehindProxy(proxy)
      await seedDemo(world.core)
      const superuser = await world.superuser()
      const post = (path: string, body: object) => world.call('POST', path, { token: superuser.access, body })
      await post('/resources/', { name: 'Invoices', code_name: 'invoices' })
      const made = await post('/api_keys/', { name: 'a service', permissions: ['changes:read'] })
      process.env.PROPUSK_KEY = made.body.key
      const code = exampleThat(document, "import { connectGate } from '@propusk/gate'")
        .replace('http://localhost:8000', `http://127.0.0.1:${proxy.port}`)
        .replace("'@propusk/gate'", `'${join(root, 'gate/src/index.ts')}'`)
      const { gate, mayRead } = await load(`${code}\nexport { gate, mayRead }`)
      after(() => gate.close())
      const other = await world.register()
      assert.equal(await mayRead(other.access), 403)
      assert.equal(await mayRead(superuser.access), 200)
      assert.equal(await mayRead('none'), 401)
    })
  }

  it('of gate/README.md refuse while no key is known', async () => {
    const { guard } = await load(exampleThat('gate/README.md', 'import { createPublicKey'))
    assert.equal(guard((await (await testWorld()).register()).access), 401)
  })

  it('of client/README.md print what the document says', async () => {
    const { address } = await demoWorld()
    const begin = 'import { createClient'
    const log = mock.method(console, 'log', () => {})
    try {
      const code = exampleThat('client/README.md', begin).replace('http://localhost:8000', address)
      const { propusk, ProblemError } = await load(`${code}\nexport { propusk, ProblemError }`)
      assert.deepEqual(
        log.mock.calls.map(call => call.arguments),
        [['user@example.com'], [403, 'permission_denied']],
      )
      const changing = exampleThat('client/README.md', 'try {')
      const { change } = await load(
        `export async function change(propusk: any, ProblemError: any, show: any) {\n${changing}}`,
      )
      await change(propusk, ProblemError, assert.fail)
      assert.equal((await propusk.call('readProfile')).first_name, 'Anna')
    } finally {
      log.mock.restore()
    }
  })

  it('of client/README.md write a role on the version that was read', async () => {
    const { world, address } = await demoWorld()
    const { access } = await world.login({ email: 'mr.englishcat@gmail.com', password: 'root' })
    const { body } = await world.call('GET', '/roles/?search=supervisor', { token: access })
    const { id } = body.results[0]
    const writing = exampleThat('client/README.md', 'const { value, etag }')
    const { write } = await load(
      `import { createClient } from '@propusk/client'\n` +
        `export async function write(baseUrl: string, token: string, id: number) {\n` +
        `const propusk = createClient({ baseUrl, token })\n${writing}}`,
    )
    await write(address, access, id)
    const role = await world.call('GET', `/roles/${id}/`, { token: access })
    assert.ok(!role.body.permissions.includes('documents:delete'))
  })

  it('of docs/errors.md are what the server answers', async () => {
    const [{ code }] = examplesOf('docs/errors.md') as [Example]
    const { instance, ...expected } = JSON.parse(code)
    const { call } = await testWorld()
    const body = { email: 'anna@example.com', password: goodPassword, password2: 'another one' }
    const answer = await call('POST', '/register/', { body })
    assert.match(instance, /^urn:uuid:/)
    assert.deepEqual({ ...answer.body, instance }, { ...expected, instance })
  })
})
