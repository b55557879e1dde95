import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, readEnvFile } from './load-config.ts'

describe('.env file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'propusk-env-'))
  after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, '.env')

  const read = (content: string | Uint8Array) => {
    writeFileSync(path, content)
    return readEnvFile(path)
  }
  const mistakesOf = (content: string | Uint8Array): readonly string[] => {
    try {
      read(content)
    } catch (error) {
      assert(error instanceof ConfigError)
      return error.mistakes
    }
    return []
  }

  it('a missing file holds nothing', () => assert.deepEqual(readEnvFile(join(folder, 'none')), {}))

  const accepted: [title: string, content: string, expected: Record<string, string>][] = [
    ['an empty file', '', {}],
    ['comments and blank lines', '# PROPUSK_HOST="\n\n  \nPROPUSK_PORT=80 # why\n', { PROPUSK_PORT: '80' }],
    ['lines ended as on Windows', 'A=1\r\nB="x y"\r\n', { A: '1', B: 'x y' }],
    ['a byte order mark', '\ufeffA=1\n', { A: '1' }],
    ['quotation marks that keep a #', "A='p#ss'\n", { A: 'p#ss' }],
    ['a value of several lines', 'A="x\n=y\nz"\nB=2\n', { A: 'x\n=y\nz', B: '2' }],
    ['an exported name', 'export A=1\n', { A: '1' }],
    ['an empty value', 'A=\n', { A: '' }],
    ['a mark inside a value', "A=it's\n", { A: "it's" }],
  ]
  for (const [title, content, expected] of accepted) {
    it(`${title} is read`, () => assert.deepEqual(read(content), expected))
  }

  const refused: [title: string, content: string, line: number][] = [
    ['a line without =', 'A=1\nPROPUSK_PORT 80\n', 2],
    ['YAML', 'PROPUSK_PORT: 80\n', 1],
    ['a name that starts with a digit', '1A=1\n', 1],
    ['a quotation mark that is never closed', 'A=1\nB="S3cret\nC=3\n', 2],
  ]
  for (const [title, content, line] of refused) {
    it(`${title} is an error that names its line and not what is in it`, () => {
      const mistakes = mistakesOf(content)
      assert.equal(mistakes.length, 1)
      assert(mistakes[0]?.startsWith(`${path}, line ${line} is not NAME=value`))
      assert.doesNotMatch(mistakes[0] ?? '', /S3cret/)
    })
  }

  it('every malformed line is listed', () => assert.equal(mistakesOf('a\nB=1\nc\n').length, 2))

  it('a file that is not UTF-8 is an error', () => {
    assert.match(mistakesOf(Uint8Array.of(0x41, 0x3d, 0xff))[0] ?? '', /is not UTF-8 text/)
  })

  it('a directory in its place is an error, not an absent file', () => {
    assert.throws(() => readEnvFile(folder), /cannot be read \(EISDIR\)/)
  })
})
