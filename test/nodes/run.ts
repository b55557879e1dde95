import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../support/postgres-cluster.ts'
import { cutOff, loseDatabase, measureEndings, wander } from './campaign.ts'
import { endingKinds } from './endings.ts'
import { formatObedience, formatOutages } from './figures.ts'
import { boundMs } from './obedience.ts'
import { answerBoundMs } from './outage.ts'
import { openSite } from './site.ts'

const usage = 'npm run nodes -- [--quick] [--nodes 2] [--samples 100]   (samples of each kind of ending)'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '2' },
    samples: { type: 'string' },
  },
})
const count = Number(values.nodes)
const samples = Number(values.samples ?? (values.quick ? 10 : 100))
if (!Number.isInteger(count) || count < 2 || count > 8 || !Number.isInteger(samples) || samples < 1) {
  console.error(usage)
  process.exit(2)
}

const cluster = await startPostgres({ durable: true })
const databaseUrl = await freshSchema(cluster.url)
const site = await openSite(databaseUrl)
const breaches: string[] = []
try {
  const nodes = await Promise.all(Array.from({ length: count }, () => site.add()))
  const urls = nodes.map(({ url }) => url)
  const endings = await measureEndings(urls, site, samples, kind => console.error(`${kind}: done`))
  breaches.push(...endings.breaches)
  for (const { kind, delayMs } of endings.obediences) {
    if (delayMs > boundMs) breaches.push(`${kind}: obeyed after ${Math.round(delayMs)} ms`)
  }
  console.log(`\n${count} nodes, ${samples} endings of each kind, under load:`)
  console.log(
    `${Object.entries(endings.answered)
      .map(([what, number]) => `${number} ${what}`)
      .join(', ')}\n`,
  )
  console.log(formatObedience(endingKinds, endings.obediences))

  const rounds = values.quick ? 5 : 50
  await wander([urls[0]!, urls[1]!], rounds)
  console.log(`\n${rounds} sessions wandered between two nodes with every request: nothing to complain of\n`)

  const lastsMs = values.quick ? 3_000 : 10_000
  const outages = [
    ...(await cutOff(site, databaseUrl, urls[0]!, lastsMs)),
    ...(await loseDatabase(cluster, urls[0]!, lastsMs)),
  ]
  console.log(formatOutages(outages))
  for (const [name, figures] of outages) {
    breaches.push(...figures.breaches.map(breach => `the database is ${name}: ${breach}`))
    if (figures.slowest503Ms > answerBoundMs) breaches.push(`the database is ${name}: a 503 took too long`)
  }
} finally {
  await site.close()
  await cluster.stop()
}
if (breaches.length > 0) {
  console.error(`\nBroken promises: ${breaches.length}\n${[...new Set(breaches)].slice(0, 30).join('\n')}`)
  process.exitCode = 1
}

async function freshSchema(server: string): Promise<string> {
  const schema = `nodes_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create schema ${schema}`)
  await client.end()
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}
