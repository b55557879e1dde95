import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { signIn } from '../../examples/support/demo-api.ts'
import { installExample } from '../../examples/support/install-example.ts'
import { prepareNotes } from '../../examples/support/prepare-notes.ts'
import { type Started, startDemo, startExample } from '../../examples/support/start.ts'
import { build } from '../support/build.ts'
import { freePort } from '../support/free-port.ts'

const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
const folder = mkdtempSync(join(tmpdir(), 'propusk-examples-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const author = { email: 'user@example.com', password: 'user-demo' }
const editor = { email: 'supervisor@example.com', password: 'supervisor-demo' }

describe('the examples that protect an API', () => {
  let demo: Started
  let key = ''
  before(async () => {
    await build('console', 'server')
    demo = await startDemo(join(folder, 'demo'), await freePort())
    key = await prepareNotes(demo.url)
  })
  after(() => demo.stop())

  for (const name of ['fastify', 'express', 'hono', 'nest', 'fetch']) {
    describe(name, () => {
      let example: Started
      before(async () => {
        const installed = await installExample(name, join(folder, name))
        example = await startExample(installed, { issuer: demo.url, key, port: 0 })
      })
      after(() => example.stop())

      const ask = (method: string, path: string, token?: string) =>
        fetch(`${example.url}${path}`, {
          method,
          headers: {
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          ...(method === 'POST' ? { body: '{"text":"Call Ann"}' } : {}),
        })

      it('compiles with the types of the packed gate', () => {
        const project = join(folder, name, 'tsconfig.json')
        if (name !== 'nest') writeFileSync(project, JSON.stringify({ compilerOptions }))
        execFileSync(process.execPath, [compiler, '--noEmit', '-p', project], { stdio: 'inherit' })
      })

      it('answers a public route without a token, and the others with 401 and how to get in', async () => {
        assert.equal((await ask('GET', '/status')).status, 200)
        const refused = await ask('GET', '/notes')
        assert.equal(refused.status, 401)
        assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer/)
        assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/)
      })

      it('lets each do what their roles permit', async () => {
        const [{ access: ofAuthor }, { access: ofEditor }] = [
          await signIn(demo.url, author),
          await signIn(demo.url, editor),
        ]
        const answers = [
          await ask('GET', '/notes', ofAuthor),
          await ask('POST', '/notes', ofAuthor),
          await ask('POST', '/notes/1/approve', ofAuthor),
          await ask('POST', '/notes/1/approve', ofEditor),
          await ask('POST', '/notes/99/approve', ofEditor),
        ]
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 201, 403, 200, 404],
        )
        const { sub } = JSON.parse(Buffer.from(ofAuthor.split('.')[1]!, 'base64url').toString())
        assert.partialDeepStrictEqual(await answers[1]!.json(), { text: 'Call Ann', author: sub })
      })

      it('refuses a token soon after its session has ended', async () => {
        const { access } = await signIn(demo.url, author)
        assert.equal((await ask('GET', '/notes', access)).status, 200)
        const ended = await fetch(`${demo.url}/api/auth/logout/`, {
          method: 'POST',
          headers: { authorization: `Bearer ${access}` },
        })
        assert.equal(ended.ok, true)
        while ((await ask('GET', '/notes', access)).status === 200) await sleep(20)
        assert.equal((await ask('GET', '/notes', access)).status, 401)
      })
    })
  }
})

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ['node'],
}
