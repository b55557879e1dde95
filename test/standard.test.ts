import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

/** The requirements of OWASP ASVS 5.0.0 that an identity server is judged by: L1 and L2, in V6 to V9 L3 too. */
const required = `
1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.9 1.3.2 1.3.3 1.3.6 1.3.7 1.3.11 1.4.2 1.5.2
2.1.1 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.4.1
3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 3.7.2
4.1.1 4.1.2 4.1.3 4.2.1
5.2.1
6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.1 6.3.2 6.3.3
6.3.4 6.3.5 6.3.6 6.3.7 6.3.8 6.4.1 6.4.2 6.4.3 6.4.4 6.4.5 6.4.6 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.5.6 6.5.7 6.5.8
6.6.1 6.6.2 6.6.3 6.6.4 6.7.1 6.7.2 6.8.1 6.8.2 6.8.3 6.8.4
7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.5.3 7.6.1 7.6.2
8.1.1 8.1.2 8.1.3 8.1.4 8.2.1 8.2.2 8.2.3 8.2.4 8.3.1 8.3.2 8.3.3 8.4.1 8.4.2
9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4
10.1.1 10.1.2 10.2.1 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 10.4.6 10.4.7 10.4.8
10.4.9 10.4.10 10.4.11 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5 10.6.1 10.6.2 10.7.1 10.7.2 10.7.3
11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.4.1 11.4.2 11.5.1 11.6.1
12.1.1 12.2.1 12.3.1
13.2.3 13.3.1 13.4.1 13.4.2 13.4.4 13.4.5
14.1.1 14.2.1 14.3.1 14.3.2 14.3.3
15.1.1 15.1.2 15.1.3 15.2.2 15.2.3 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7
16.1.1 16.2.1 16.2.2 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.5.1 16.5.2 16.5.3`

const threatClasses = 52

const kinds = ['met', 'partly', 'not yet', 'not applicable'] as const

interface Row {
  /** The number of a requirement, or the name of a class of threats. */
  readonly key: string
  readonly kind: string
  /** What is missing, or why nothing need be there. */
  readonly reason: string
  readonly tests: readonly { readonly file: string; readonly title: string }[]
}

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** The rows of every table whose last two columns are the status and the tests. */
function readRows(path: string, columns: number): Row[] {
  const lines = read(path)
    .split('\n')
    .filter(line => line.startsWith('| '))
  const cells = lines.map(line => line.slice(2).replace(/ ?\|$/, '').split(' | '))
  const rows = cells.filter(row => row.length === columns && !['id', 'class', 'chapter'].includes(row[0]!))
  return rows.map(row => {
    const [status, tests] = row.slice(-2) as [string, string]
    const [, kind, reason] = /^([^:]+)(?:: (.+))?$/.exec(status)!
    const named = [...tests.matchAll(/`([^`]+?\.test\.ts): ([^`]+)`/g)]
    return {
      key: row[0]!,
      kind: kind!,
      reason: reason ?? '',
      tests: named.map(([, file, title]) => ({ file: file!, title: title! })),
    }
  })
}

/** The titles of the tests in a file, as they are written there. */
const titlesIn = (file: string): ReadonlySet<string> => {
  const written = read(file).matchAll(/\b(?:it|test)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)
  return new Set([...written].map(([, , title]) => title!))
}

function assertTestsExist(rows: readonly Row[]): void {
  const titles = new Map<string, ReadonlySet<string>>()
  const missing = rows.flatMap(({ key, tests }) =>
    tests
      .filter(({ file, title }) => {
        if (!titles.has(file)) titles.set(file, existsSync(new URL(file, root)) ? titlesIn(file) : new Set())
        return !titles.get(file)!.has(title)
      })
      .map(({ file, title }) => `${key}: ${file}: ${title}`),
  )
  assert.deepEqual(
    missing,
    [],
    'The table names tests that are not there. A test was renamed or moved: write its present file and title.',
  )
}

function assertStatuses(rows: readonly Row[]): void {
  for (const { key, kind, reason, tests } of rows) {
    assert.ok(
      kinds.some(known => known === kind),
      `${key}: the status «${kind}» is none of: ${kinds.join(', ')}. After the status a colon and a reason may follow.`,
    )
    if (kind === 'met')
      assert.ok(
        tests.length > 0,
        `${key} is met and names no test. Add one to its last column: \`file.test.ts: title of the test\`.`,
      )
    else assert.ok(reason.length > 5, `${key} is ${kind} and does not say why. Write: ${kind}: the reason.`)
  }
}

describe('docs/asvs.md', () => {
  const rows = readRows('docs/asvs.md', 5).filter(({ key }) => /^\d/.test(key))

  it('has every requirement once, and no other', () => {
    assert.deepEqual(
      rows.map(({ key }) => key),
      required.trim().split(/\s+/),
    )
  })

  it('says of each what is there, or why it is not', () => assertStatuses(rows))

  it('names only tests that exist', () => assertTestsExist(rows))

  it('counts its rows right', () => {
    const count = (of: readonly Row[]) => kinds.map(kind => of.filter(row => row.kind === kind).length)
    const table = read('docs/asvs.md')
    const counts = [...table.matchAll(/^\| V(\d+) [^|]+\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)]
    assert.equal(counts.length, 16)
    for (const [, chapter, ...stated] of counts) {
      assert.deepEqual(
        stated.map(Number),
        count(rows.filter(({ key }) => key.startsWith(`${chapter}.`))),
        `V${chapter}`,
      )
    }
    assert.ok(table.includes(`| **all** | ${count(rows).join(' | ')} |`), `all: ${count(rows).join(', ')}`)
  })
})

describe('docs/threats.md', () => {
  const rows = readRows('docs/threats.md', 4).filter(({ key }) => !/^-/.test(key))

  it('has every class once', () => {
    assert.equal(new Set(rows.map(({ key }) => key)).size, threatClasses)
    assert.equal(rows.length, threatClasses)
  })

  it('says of each what is there, or why it is not', () => assertStatuses(rows))

  it('names only tests that exist', () => assertTestsExist(rows))
})
