import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Propusk, workplace } from '../commands/support/propusk.ts'
import { bundler, examplesOf, installLibrary, nodenext, readProgram } from './support/installed.ts'
import { holdsForLibrary } from './support/library.ts'
import { onEachRuntime } from './support/runtimes.ts'

const installed = await installLibrary('client')
const inJavaScript = installed.copy('client-in-javascript.js')
const inTypeScript = await installed.compile('client-in-typescript', readProgram('client-in-typescript.ts'))
const [example, ofErrors] = examplesOf('client')

/** The address that the document names is that of a demo on its usual port. */
const documentedUrl = "'http://localhost:8000'"
const documented = await installed.compile(
  'example',
  example!.replace(documentedUrl, 'process.env.SERVER_URL!'),
)

describe('the packed client', () => {
  holdsForLibrary('client', installed)

  let server: Propusk
  before(async () => {
    server = await workplace().start('demo')
  })
  after(async () => {
    await server.stop()
  })

  let people = 0
  const environment = () => ({ SERVER_URL: server.url, EMAIL: `person-${++people}@example.com` })

  it('has types for bundlers, too', async () => {
    await installed.compile('client-in-typescript', readProgram('client-in-typescript.ts'), bundler)
  })

  it('has types for browsers and for workers, without those of Node', async () => {
    const source = `export { createClient, memoryTokens, ProblemError, type Client } from '@propusk/client'\n`
    for (const platform of ['dom', 'webworker']) {
      await installed.compile(platform, source, { ...bundler, lib: ['es2022', platform], types: [] })
    }
  })

  it('has an example of errors that compiles', async () => {
    const setting = `import { createClient, ProblemError } from '@propusk/client'
      const propusk = createClient({ baseUrl: '' })
      declare function show(errors: Readonly<Record<string, readonly string[]>>): void\n`
    await installed.compile('errors', `${setting}${ofErrors}`, nodenext)
  })

  onEachRuntime('signs in, calls, and throws problems, from JavaScript,', async run => {
    assert.equal((await run(inJavaScript, environment())).stdout, 'done\n')
  })

  onEachRuntime('signs in, calls, and throws problems, from TypeScript,', async run => {
    assert.equal((await run(inTypeScript, environment())).stdout, 'done\n')
  })

  it('has an example for the usual address of the demo', () => assert.ok(example?.includes(documentedUrl)))

  onEachRuntime('does what its document shows', async run => {
    const { stdout } = await run(documented, environment())
    assert.equal(stdout, 'user@example.com\n403 permission_denied\n')
  })
})
