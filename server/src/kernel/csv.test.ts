import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { csvLine, toCsv } from './csv.ts'

describe('CSV', () => {
  it('ends every line with CRLF and quotes every text', () => {
    assert.equal(
      toCsv(
        ['id', 'title'],
        [
          [1, 'Plain'],
          [2, 'a "quoted", word\nand a line'],
        ],
      ),
      '"id","title"\r\n1,"Plain"\r\n2,"a ""quoted"", word\nand a line"\r\n',
    )
  })

  it('leaves numbers, flags and what is empty without quotes', () => {
    assert.equal(csvLine([-1, true, false, null, '']), '-1,true,false,,""\r\n')
  })

  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '＝1',
    '|cmd',
    '%0A=1',
    '=HYPERLINK("x")',
  ]
  for (const formula of formulas) {
    it(`shows ${JSON.stringify(formula)} as text, not as a formula`, () => {
      assert.ok(toCsv(['t'], [[formula]]).includes(`"'${formula.replaceAll('"', '""')}"`))
    })
  }

  it('leaves alone a text that only contains such a sign', () => {
    assert.equal(toCsv(['t'], [['a=b - c']]), '"t"\r\n"a=b - c"\r\n')
  })
})
