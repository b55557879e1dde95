import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatTable, textWidth } from './terminal.ts'

const rows = [
  ['1', 'zhanna@example.org', 'Жанна Пушкина'],
  ['22', 'li@example.org', '李雷'],
]

describe('a table on the terminal', () => {
  it('aligns letters of every script', () => {
    assert.equal(
      formatTable(['ID', 'EMAIL', 'NAME'], rows, undefined),
      [
        'ID  EMAIL               NAME\n',
        '1   zhanna@example.org  Жанна Пушкина\n',
        '22  li@example.org      李雷\n',
      ].join(''),
    )
  })

  it('cuts its widest columns until every line fits, and leaves short ones whole', () => {
    const lines = formatTable(['ID', 'EMAIL', 'NAME'], rows, 26).trimEnd().split('\n')
    for (const line of lines) assert(textWidth(line) <= 26, line)
    assert.match(lines[1] ?? '', /^1 {3}zhanna@ex…/)
  })

  it('a table is not cut where no width is given', () => {
    assert(formatTable(['A'], [['x'.repeat(500)]], undefined).includes('x'.repeat(500)))
  })

  it('ends in any width, however narrow', () => {
    assert.equal(formatTable(['ID', 'EMAIL', 'NAME'], rows, 0).split('\n').length, 4)
  })

  it('shows its headings when there are no rows', () =>
    assert.equal(formatTable(['A', 'B'], [], 80), 'A  B\n'))

  it('cannot be forged or driven by what a row holds', () => {
    const table = formatTable(['NAME'], [['a\nroot\u001b[2J\u202e']], 80)
    assert.equal(table, 'NAME\na?root?[2J?\n')
  })
})

describe('width of text', () => {
  const cases: [text: string, columns: number][] = [
    ['', 0],
    ['abc', 3],
    ['Привет', 6],
    ['e\u0301', 1],
    ['й'.normalize('NFD'), 1],
    ['李雷', 4],
    ['🔑', 2],
    ['👩‍💻', 2],
    ['🇷🇺', 2],
    ['ＡＢ', 4],
    ['«—…»', 4],
  ]
  for (const [text, columns] of cases)
    it(`«${text}» takes ${columns}`, () => assert.equal(textWidth(text), columns))
})
