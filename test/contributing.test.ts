import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const page = read('docs/contributing.md')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> }

/** From one heading of the second level to the next. */
function section(heading: string): string {
  const [, after] = page.split(`\n## ${heading}\n`)
  assert.ok(after, `there is no heading «${heading}»`)
  return after.split('\n## ')[0]!
}

/** A path begins with a folder of the repository, or is a document at its top. `*.sql.ts` is a name alone. */
const isPath = (text: string) =>
  /^(?:bench|client|console|deploy|docs|gate|scripts|server|test)\/\S*$/.test(text) || /^\w+\.md$/.test(text)

const pathsIn = (text: string): readonly string[] => {
  const words = [...text.matchAll(/`([^`\n]+)`/g), ...text.matchAll(/(?<=\s)([\w./*-]+\/[\w./*-]+)(?=\s)/g)]
  return [...new Set(words.map(([, word]) => word!).filter(isPath))]
}

/** The source files that match, without tests and migrations: old migrations stay as they are. */
const filesWith = (pattern: RegExp, ...globs: readonly string[]): readonly string[] =>
  globSync([...globs], { cwd: root })
    .filter(path => !/\.test\.tsx?$|node_modules|\/migrations\//.test(path))
    .filter(path => pattern.test(read(path)))

const sources = ['server/src/**/*.ts', 'console/src/**/*.{ts,tsx}']

describe('docs/contributing.md', () => {
  it('names only files and folders that exist', () => {
    const paths = pathsIn(page)
    assert.ok(paths.length > 80, `${paths.length} paths`)
    const missing = paths.filter(path => globSync(path, { cwd: root }).length === 0)
    assert.deepEqual(missing, [])
  })

  it('names only npm scripts that exist', () => {
    const named = [...page.matchAll(/\bnpm run (?:-s )?([\w:]+)/g)].map(([, name]) => name!)
    assert.ok(named.length > 8, `${named.length} scripts`)
    assert.deepEqual(
      named.filter(name => !Object.hasOwn(scripts, name)),
      [],
    )
  })

  for (const [heading, example, files] of [
    ['A field of an account', /\bmiddle_name\b|\bmiddleName\b/, [...sources, 'docs/authorization.md']],
    ['A route', /'\/throttle\/|\bthrottleRoutes\b|\bclearCounter\b/, ['server/src/**/*.ts']],
    ['A setting', /PROPUSK_KEEP_ORIGINS|\bkeepOriginsSeconds\b/, [...sources, 'docs/*.md']],
    ['A migration', /\baudit_cuts\b(?=[: ;]|$)|\b0016_audit_cuts\b/m, ['server/src/store/**/*.{ts,sql}']],
    [
      'A screen of the console',
      /\bSettingsScreen\b|\buseSettingsText\b|label: 'settings'/,
      ['console/src/**/*.{ts,tsx}'],
    ],
  ] as const) {
    it(`names every file that its example needed: ${heading}`, () => {
      const touched = filesWith(example, ...files).filter(path => path !== 'docs/contributing.md')
      assert.ok(touched.length > 1, `${touched.length} files`)
      const named = pathsIn(section(heading))
      assert.deepEqual(
        touched.filter(path => !named.includes(path)),
        [],
      )
    })
  }

  it('lists eight files to read first', () => {
    assert.equal([...section('Eight files to read first').matchAll(/^\d\. `/gm)].length, 8)
  })
})
