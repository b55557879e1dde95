import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bench, Effort } from './bench.ts'
import { type Compared, compare } from './support/comparison.ts'
import { assertTableComments, writeTables } from './support/document-tables.ts'
import { formatFinding } from './support/format-finding.ts'
import { describeMachine } from './support/machine.ts'
import { committedFile, mergeRows, movedRatios, readRecord, writeRecord } from './support/record.ts'

/** Every bench by its name: `npm run bench -- start --quick`. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  check: () => import('./check.ts'),
  gate: () => import('./gate.ts'),
  login: () => import('./login.ts'),
  refresh: () => import('./refresh.ts'),
  ended: () => import('./ended.ts'),
  flood: () => import('./flood.ts'),
  start: () => import('./start.ts'),
}

const usage = `npm run bench [-- NAME… OPTION…]
  NAME         ${Object.keys(benches).join(', ')}: all of them unless some are named
  --quick      fewer and shorter rounds: under four minutes for all of them
  --smoke      one round of a moment: shows only that each bench runs
  --json FILE  also writes the figures to FILE
  --save       keeps the figures in bench/last.json and writes the tables of the READMEs and docs/performance.md

npm run bench -- scale --users N
  Makes a house of N users, with ten audit events for each, and measures our server on it.
  --audit N         that many audit events
  --engine ENGINE   sqlite (unless given) or postgres`

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    json: { type: 'string' },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    users: { type: 'string', default: '1000' },
    audit: { type: 'string' },
    engine: { type: 'string', default: 'sqlite' },
  },
  allowPositionals: true,
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const effort: Effort = { quick: values.quick || values.smoke, smoke: values.smoke }
const isScale = positionals[0] === 'scale'
const names = isScale ? [] : positionals.length > 0 ? positionals : Object.keys(benches)
const unknown = names.filter(name => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}.\n${usage}`)
  process.exit(2)
}

if (values.save) assertTableComments()

// An end from outside passes by every `finally`: what was started is stopped as the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

console.log(`Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}\n`)
const rows: Compared[] = []
for (const name of names) {
  try {
    const { run } = await benches[name]!()
    const finding = await run(effort)
    rows.push(...(finding.comparisons ?? []).map(compare))
    console.log(formatFinding(finding))
  } catch (error) {
    console.error(`The bench ${name} could not run:`, error)
    process.exitCode = 1
  }
}
if (isScale) await scale()
else keep()

async function scale(): Promise<void> {
  const { runScale } = await import('./scale/run.ts')
  const engine = values.engine === 'postgres' ? 'postgres' : 'sqlite'
  const options = {
    users: wholeNumber('users'),
    auditEvents: values.audit === undefined ? undefined : wholeNumber('audit'),
    engine,
  } as const
  console.log(formatFinding(await runScale(options, effort)))
}

function wholeNumber(name: 'users' | 'audit'): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number >= 100) return number
  console.error(`--${name} is ${values[name]}: give a whole number from 100 up.\n${usage}`)
  process.exit(2)
}

/** Compares with the committed figures, then writes what was asked for. */
function keep(): void {
  const committed = readRecord(committedFile)
  if (committed !== undefined && !values.smoke) {
    const moved = movedRatios(committed.rows, rows)
    const verdict =
      moved.length > 0 ? 'Moved by more than a fifth since' : 'Nothing moved by more than a fifth since'
    console.log([`${verdict} ${committed.date.slice(0, 10)}.`, ...moved].join('\n'))
  }
  const run = { date: new Date().toISOString(), quick: values.quick, machine: describeMachine() }
  if (values.json !== undefined) writeRecord(values.json, { ...run, rows })
  if (!values.save) return
  if (values.smoke || process.exitCode === 1) throw new Error('Only a whole run without a fault is kept.')
  const record = { ...run, rows: mergeRows(committed?.rows ?? [], rows) }
  writeRecord(committedFile, record)
  writeTables(record)
}
