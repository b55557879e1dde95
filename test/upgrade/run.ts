import { endingKinds } from '../nodes/endings.ts'
import { formatObedience } from '../nodes/figures.ts'
import { startPostgres } from '../support/postgres-cluster.ts'
import { unpackPreviousRelease } from './previous-release.ts'
import { rollOver } from './rolling-upgrade.ts'

if (process.argv.length > 2) {
  console.error(
    'npm run upgrade   (takes no arguments: the newest release in test/upgrade/releases is upgraded from)',
  )
  process.exit(2)
}

const cluster = await startPostgres({ durable: true })
const previous = unpackPreviousRelease()
try {
  const databaseUrl = cluster.url
  const { version, answered, obediences, breaches } = await rollOver({
    databaseUrl,
    previous,
    samples: 10,
    stepMs: 5_000,
  })
  console.log(`From ${version} to this checkout, under load throughout:`)
  console.log(
    `${Object.entries(answered)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}; ${breaches.length} answered otherwise than they should be\n`,
  )
  console.log(formatObedience(endingKinds, obediences))
  if (breaches.length > 0) {
    console.error(`\nBroken promises:\n${[...new Set(breaches)].slice(0, 30).join('\n')}`)
    process.exitCode = 1
  }
} finally {
  previous.remove()
  await cluster.stop()
}
