import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { moveProgress, progressLine } from './move.ts'

const collect = (isTTY: boolean, columns = 60) => {
  const stream = Object.assign(new PassThrough(), { isTTY, columns })
  let text = ''
  stream.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const drained = async () => {
    stream.end()
    await once(stream, 'end')
    return text
  }
  return { stream, drained }
}

describe('the progress of a move', () => {
  it('the progress of a move shows rows, share, rate and the time that is left', () => {
    const line = progressLine({
      step: 'copy',
      totalRows: 4_000,
      rows: 1_000,
      table: 'users',
      elapsedMs: 2_000,
    })
    assert.equal(
      line,
      'copying  [######------------------]  25%  1,000 of 4,000 rows  500 rows/s  6 s left  users',
    )
  })

  it('the progress of a move shows no rate before there is one, and 100 % when there is nothing to move', () => {
    const line = progressLine({ step: 'check', totalRows: 0, rows: 0, table: '', elapsedMs: 0 })
    assert.equal(line, `checking  [${'#'.repeat(24)}]  100%  0 of 0 rows`)
  })

  it('draws one line over itself on a terminal, never longer than that is wide', async () => {
    const { stream, drained } = collect(true)
    let tickMs = 0
    const watcher = moveProgress(stream, { monotonicMs: () => (tickMs += 1_000) })
    watcher.begins('copy', 100)
    watcher.advances('refresh_tokens', 40)
    watcher.advances('refresh_tokens', 60)
    watcher.finishes('copy', 'refresh_tokens', 100)
    const drawn = await drained()
    assert.ok(!drawn.includes('\n'))
    for (const line of drawn.split('\r')) assert.ok(line.replace('\u001b[K', '').length < 60, line)
    assert.match(drawn, /\r[^\r]*100%/)
  })

  it('is a line for each table elsewhere, without any control character', async () => {
    const { stream, drained } = collect(false)
    const watcher = moveProgress(stream)
    watcher.begins('copy', 1_200)
    watcher.advances('users', 1_200)
    watcher.finishes('copy', 'users', 1_200)
    assert.equal(await drained(), 'copying 1,200 rows\ncopied users: 1,200 rows\n')
  })
})
