import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const document = resolve('docs/openapi.json')
const packages = resolve('node_modules')

// Among the packages: what two of the generators write imports nothing else, and is found by no other compilation.
const folder = await mkdtemp(join(packages, '.generated-'))
after(() => rm(folder, { recursive: true }))

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'es2023',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: [],
}

const generators = [
  {
    name: '@hey-api/openapi-ts',
    program: '@hey-api/openapi-ts/dist/run.mjs',
    options: (output: string) => ['--input', document, '--output', output, '--no-log-file'],
    main: 'sdk.gen.ts',
  },
  {
    name: 'orval',
    program: 'orval/dist/bin/orval.mjs',
    options: (output: string) => [
      '--input',
      document,
      '--output',
      join(output, 'api.ts'),
      '--client',
      'fetch',
    ],
    main: 'api.ts',
  },
  {
    name: 'openapi-typescript',
    program: 'openapi-typescript/bin/cli.js',
    options: (output: string) => [document, '--output', join(output, 'api.ts')],
    main: 'api.ts',
  },
]

describe('a client that is generated from the OpenAPI document', () => {
  for (const { name, program, options, main } of generators) {
    it(`by ${name} compiles, and knows every operation`, async () => {
      const output = join(folder, name.replaceAll('/', '-'))
      const api = resolve('test/generators/typescript-with-api.ts')
      const generating = [`--import=${api}`, join(packages, program), ...options(output)]
      const generated = await run(process.execPath, generating, { timeout: 300_000 }).catch(error => error)
      const text = await readFile(join(output, main), 'utf8').catch(() => undefined)
      assert.ok(text !== undefined, `${generated.stdout}${generated.stderr}`)

      const { paths } = JSON.parse(await readFile(document, 'utf8')) as {
        paths: Record<string, Record<string, { operationId: string }>>
      }
      const operations = Object.values(paths).flatMap(path => Object.values(path))
      const missing = operations.filter(({ operationId }) => !text.includes(operationId))
      assert.deepEqual(missing, [])

      const project = join(output, 'tsconfig.json')
      await writeFile(project, JSON.stringify({ compilerOptions, include: ['**/*.ts'] }))
      const compiling = [join(packages, 'typescript/bin/tsc'), '-p', project]
      const compiled = await run(process.execPath, compiling, { timeout: 300_000 }).catch(error => error)
      assert.equal(compiled.stdout, '')
    })
  }
})
