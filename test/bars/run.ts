import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../support/postgres-cluster.ts'
import { fillChanges } from './fill.ts'
import { follow } from './follow.ts'
import { holdBodies } from './half-sent-bodies.ts'
import { deleteHeldRole } from './held-role.ts'

/**
 * What the server costs where much is asked of it, each with what was measured and the bar it must not pass. Ends with 1
 * when one is missed. `npm run bars -- living follow role bodies preview` runs those that are named; all of them otherwise.
 */
const asked = process.argv.slice(2)
const isAsked = (bar: string) => asked.length === 0 || asked.includes(bar)

interface Bar {
  readonly name: string
  readonly figures: Readonly<Record<string, number>>
  readonly isMet: boolean
}
const bars: Bar[] = []
const directory = mkdtempSync(join(tmpdir(), 'propusk-bars-'))
const cluster = await startPostgres()
const urls = { sqlite: `sqlite:${join(directory, 'bars.db')}`, postgres: cluster.url }

function print(bar: Bar): void {
  bars.push(bar)
  const figures = Object.entries(bar.figures).map(([name, figure]) => `${name} ${figure}`)
  console.log(`${bar.isMet ? 'met' : 'MISSED'}  ${bar.name}: ${figures.join(', ')}`)
}

try {
  if (isAsked('role'))
    for (const [engine, url] of Object.entries(urls)) {
      const figures = await deleteHeldRole(url)
      print({ name: `a role of 100,000 holders goes, on ${engine}`, figures, isMet: figures.checkP99Ms < 50 })
    }
  if (isAsked('preview'))
    for (const [engine, url] of Object.entries(urls)) {
      const script = new URL('preview.ts', import.meta.url).pathname
      const figures = JSON.parse(execFileSync(process.execPath, [script, url], { encoding: 'utf8' }))
      const name = `a preview of 400 deletions among 105,000 grants lets others go on, on ${engine}`
      print({ name, figures, isMet: figures.stallMs < 50 })
    }
  if (isAsked('follow')) {
    const figures = await follow(urls.postgres)
    print({ name: '1,000 changes a second are followed', figures, isMet: figures.corePercent < 10 })
  }
  if (isAsked('bodies'))
    for (const bytes of [100, 60_000]) {
      const figures = await holdBodies(bytes)
      print({
        name: `10,000 bodies of ${bytes} bytes are half sent`,
        figures,
        isMet: figures.grownMb < 200,
      })
    }
  if (isAsked('living'))
    for (const [engine, url] of Object.entries(urls)) {
      await fillChanges(url, 1_000_000)
      const script = new URL('load.ts', import.meta.url).pathname
      const figures = JSON.parse(execFileSync(process.execPath, [script, url], { encoding: 'utf8' }))
      const isMet = figures.totalMs < 2_000 && figures.peakMb - figures.beforeMb < 200
      print({ name: `1,000,000 living changes are loaded, on ${engine}`, figures, isMet })
    }
} finally {
  await cluster.stop()
  rmSync(directory, { recursive: true, force: true })
}
process.exitCode = bars.every(({ isMet }) => isMet) ? 0 : 1
