import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { AnswerReader } from '../../bench/support/answer-reader.ts'
import { type Comparison, compare } from '../../bench/support/comparison.ts'
import { tableDocuments, tableOf, withTable } from '../../bench/support/document-tables.ts'
import { committedFile, mergeRows, movedRatios, readRecord } from '../../bench/support/record.ts'

const comparison: Comparison = {
  key: 'a',
  what: { en: 'A', ru: 'А' },
  unit: '/s',
  ours: [70, 90, 80],
  ceiling: { name: 'all', rounds: [100, 100, 100] },
  targets: [
    { against: 'ceiling', bound: 'at least', ratio: 0.8 },
    { against: 'itself', bound: 'at most', figure: 79 },
  ],
}

const rowWith = (ratio: number) =>
  compare({ ...comparison, ours: [ratio], ceiling: { name: 'all', rounds: [1] }, targets: [] })

describe('the figures of a bench', () => {
  it('are compared by the median of the ratios, and by the figure itself where that is the target', () => {
    const { ceiling, targets } = compare(comparison)
    assert.equal(ceiling?.ratio, 0.8)
    assert.deepEqual(
      targets.map(target => target.met),
      [true, false],
    )
  })

  it('refuse a rival that was not there in every round', () => {
    assert.throws(() => compare({ ...comparison, ceiling: { name: 'all', rounds: [100] } }), TypeError)
  })

  it('the figures name the ratios that moved by more than a fifth, up or down, and no others', () => {
    assert.deepEqual(movedRatios([rowWith(1)], [rowWith(1.19)]), [])
    assert.equal(movedRatios([rowWith(1)], [rowWith(1.21)]).length, 1)
    assert.equal(movedRatios([rowWith(1)], [rowWith(0.8)]).length, 1)
    assert.deepEqual(movedRatios([], [rowWith(0.1)]), [])
  })

  it('keep the rows that a run did not measure', () => {
    const other = { ...rowWith(1), key: 'b' }
    assert.deepEqual(mergeRows([rowWith(1), other], [rowWith(2)]), [rowWith(2), other])
  })

  it('show a row for each key that is asked for, in that order, and refuse a key without a row', () => {
    const record = {
      date: '2026-11-30T00:00:00Z',
      quick: false,
      machine: { processor: 'P', cores: 2, memoryGb: 4, system: 'linux', node: 'v26', commit: undefined },
      rows: ['a', 'b', 'c'].map(key => ({ ...rowWith(1), key, what: { en: key, ru: key } })),
    }
    const shown = (...keys: string[]) =>
      [...tableOf(record, 'en', keys).matchAll(/^\| (\w) \|/gm)].map(([, what]) => what)
    assert.deepEqual(shown('c', 'a'), ['c', 'a'])
    assert.equal(tableOf(record, 'en'), tableOf(record, 'en', ['a', 'b', 'c']))
    assert.throws(() => tableOf(record, 'en', ['d']), /lack the row d/)
  })

  for (const { file, language, keys } of tableDocuments) {
    it(`stand in ${basename(file)} as bench/last.json has them`, () => {
      const text = readFileSync(file, 'utf8')
      assert.equal(withTable(text, tableOf(readRecord(committedFile)!, language, keys), file), text)
    })
  }

  it('replace what stands between the marks of a document and nothing else', () => {
    const text = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n'
    assert.equal(
      withTable(text, 'new', 'README.md'),
      'before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n',
    )
    assert.throws(() => withTable('no marks', 'new', 'README.md'), /README\.md lacks the lines/)
  })
})

describe('the load generator', () => {
  const read = (...pieces: string[]) => {
    const reader = new AnswerReader()
    return pieces.map(piece => reader.read(Buffer.from(piece)))
  }

  it('waits for the whole body, however the pieces fall', () => {
    const [first, second, third] = read('HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 4\r\n\r\nab', 'cd')
    assert.equal(first ?? second, undefined)
    assert.equal(third?.body.toString(), 'abcd')
  })

  it('puts chunks together', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    assert.equal(read(`${head}2\r\nab\r\n`, '1\r\nc\r\n0\r\n\r\n')[1]?.body.toString(), 'abc')
  })

  it('takes an answer without a body, and refuses what is none', () => {
    assert.equal(read('HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n')[0]?.status, 204)
    assert.throws(() => read('SSH-2.0-OpenSSH\r\n\r\n'), /no answer/)
  })
})
