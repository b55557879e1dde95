import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const skipped = new Set(['node_modules', 'dist', '.git'])
const documents = globSync('**/*.md', { cwd: root, exclude: name => skipped.has(name.split('/').at(-1)!) })

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** The anchors that GitHub makes of the headings: lower case, no punctuation, a hyphen for each space. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)
  const slugs = [...headings].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return new Set(slugs)
}

/** Why a link of a document leads nowhere; undefined when it leads somewhere in the repository. */
function faultOf(file: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const led = path === '' ? file : relative(root, join(root, dirname(file), decodeURIComponent(path)))
  if (led.startsWith('..') || !existsSync(join(root, led))) return 'no such file'
  if (anchor !== undefined && !anchorsOf(read(led)).has(decodeURIComponent(anchor))) return 'no such heading'
  return undefined
}

describe('the links of the documents', () => {
  it('lead to a file of the repository, and to a heading where they name one', () => {
    const links = documents.flatMap(file =>
      [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({
        file,
        target: target!,
      })),
    )
    const local = links.filter(({ target }) => !/^[a-z]+:/.test(target))
    assert.ok(documents.length > 40 && local.length > 200, `${documents.length}, ${local.length}`)
    const broken = local.flatMap(({ file, target }) => {
      const fault = faultOf(file, target)
      return fault === undefined ? [] : [`${file}: ${target}: ${fault}`]
    })
    assert.deepEqual(broken, [])
  })

  it('would show a wrong file, a wrong heading and a file outside of the repository', () => {
    assert.equal(faultOf('docs/settings.md', 'operations.md#several-nodes'), undefined)
    assert.equal(faultOf('docs/settings.md', 'operation.md'), 'no such file')
    assert.equal(faultOf('docs/settings.md', 'operations.md#several-node'), 'no such heading')
    assert.equal(faultOf('docs/settings.md', '../../'), 'no such file')
  })
})
