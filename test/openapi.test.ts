import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type OpenApi, typesSource } from '../client/scripts/types-source.ts'
import { openApiDocument, openApiFile } from '../server/scripts/openapi-document.ts'

interface Body {
  readonly content?: Readonly<Record<string, { example?: unknown; examples?: unknown }>>
}

interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, Body & { $ref?: string; description?: string }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly responses: Readonly<Record<string, Body & { description?: string }>> }
}

const root = fileURLToPath(new URL('..', import.meta.url))
const text = readFileSync(openApiFile, 'utf8')
const document = JSON.parse(text) as Document
const operations = Object.values(document.paths).flatMap(item => Object.values(item))
const makeAgain =
  'The file is not what the routes say now. Make it again with `npm run openapi`, and read the difference before you commit it.'

const hasExamples = ({ content = {} }: Body) =>
  Object.values(content).every(({ example, examples }) => example !== undefined || examples !== undefined)

describe('docs/openapi.json', () => {
  it('is what the routes say now', async () => {
    assert.ok(text === (await openApiDocument()), makeAgain)
  })

  it('pleases the linter, with nothing to warn of', async () => {
    const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(dirname(manifest), 'bin/cli.js'), 'lint', '--format=json', fileURLToPath(openApiFile)],
      {
        cwd: root,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    )
    assert.deepEqual(
      JSON.parse(stdout).totals,
      { errors: 0, warnings: 0, ignored: 0 },
      `The linter names places of docs/openapi.json. Mend the record of the route that they are made from:\n${stdout}`,
    )
  })

  it('says of every operation what it does, what it takes and what it answers, with examples', () => {
    for (const { operationId, summary, description, requestBody, responses } of operations) {
      assert.ok(
        summary && description,
        `The route ${operationId} lacks a summary or a description. Write them into its record.`,
      )
      if (requestBody)
        assert.ok(
          hasExamples(requestBody),
          `The body of ${operationId} lacks an example. Set bodyExample in its record.`,
        )
      for (const [status, { $ref, ...given }] of Object.entries(responses)) {
        const answer = $ref === undefined ? given : document.components.responses[$ref.split('/').at(-1)!]!
        assert.ok(
          answer.description,
          `${operationId} ${status} lacks a description. Set success.description in its record.`,
        )
        assert.ok(
          hasExamples(answer),
          `${operationId} ${status} lacks an example. Set success.example in its record.`,
        )
      }
    }
  })
})

describe('client/src/types.ts', () => {
  it('is what docs/openapi.json says now', () => {
    const types = readFileSync(join(root, 'client/src/types.ts'), 'utf8')
    assert.ok(types === typesSource(JSON.parse(text) as OpenApi), makeAgain)
  })
})
