import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Compared, ComparedRival, Name } from './comparison.ts'
import { showFigure } from './finding-of.ts'
import type { Machine } from './machine.ts'
import type { BenchRecord } from './record.ts'

type Language = keyof Name

const begin = '<!-- bench:begin -->'
const end = '<!-- bench:end -->'

const words: Readonly<Record<Language, { head: string; yes: string; no: string; machine: MachineWords }>> = {
  en: {
    head: '| what | ours | ceiling | ratio | peer | ratio | to reach | met |',
    yes: 'yes',
    no: '**no**',
    machine: ({ processor, cores, memoryGb, system, node }, date) =>
      `Measured on ${date}: ${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}. Medians of rounds; a ratio is the median of the ratios of the rounds, so it may differ from the quotient of the two figures beside it.`,
  },
  ru: {
    head: '| что | у нас | потолок | отношение | аналог | отношение | цель | достигнуто |',
    yes: 'да',
    no: '**нет**',
    machine: ({ processor, cores, memoryGb, system, node }, date) =>
      `Измерено ${date}: ${processor}, ядер: ${cores}, память ${memoryGb} ГБ, ${system}, Node ${node}. Медианы раундов; отношение — медиана отношений по раундам, поэтому оно может отличаться от частного двух чисел рядом.`,
  },
}

type MachineWords = (machine: Machine, date: string) => string

/** The rows that say most to a reader who reads no more: the READMEs show these, docs/performance.md all. */
const summaryKeys: readonly string[] = [
  'check.http',
  'me.http',
  'refresh.sqlite',
  'ended.same_node',
  'flood.check.p99',
]

/** A document with a table between its marks. */
export interface TableDocument {
  readonly file: string
  readonly language: Language
  readonly keys?: readonly string[]
}

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
export const tableDocuments: readonly TableDocument[] = [
  { file: pathOf('README.md'), language: 'en', keys: summaryKeys },
  { file: pathOf('README.ru.md'), language: 'ru', keys: summaryKeys },
  { file: pathOf('docs/performance.md'), language: 'en' },
]

/** Throws an Error that names a document without the marks: better before a run of minutes than after it. */
export function assertTableComments(): void {
  for (const { file } of tableDocuments) withTable(readFileSync(file, 'utf8'), '', file)
}

/** Puts the figures between the marks of each document. Throws an Error that names a document without the marks. */
export function writeTables(record: BenchRecord): void {
  for (const { file, language, keys } of tableDocuments) {
    writeFileSync(file, withTable(readFileSync(file, 'utf8'), tableOf(record, language, keys), file))
  }
}

export function withTable(text: string, table: string, file: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} lacks the lines ${begin} and ${end}: add them.`)
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`
}

/** The rows of these keys, or all. Throws an Error that names a key without a row: it would go missing unseen. */
export function tableOf(
  { machine, date, rows }: BenchRecord,
  language: Language,
  keys: readonly string[] = rows.map(row => row.key),
): string {
  const { head, machine: describe } = words[language]
  const rule = `|---|---:|---:|---:|---:|---:|---|---|`
  return [
    head,
    rule,
    ...keys.map(key => rowOf(rowWith(rows, key), language)),
    '',
    describe(machine, date.slice(0, 10)),
  ].join('\n')
}

function rowWith(rows: readonly Compared[], key: string): Compared {
  const row = rows.find(each => each.key === key)
  if (row === undefined) throw new Error(`The figures lack the row ${key}: measure it with npm run bench.`)
  return row
}

function rowOf({ what, unit, ours, ceiling, peer, targets }: Compared, language: Language): string {
  const { yes, no } = words[language]
  const cells = [
    what[language],
    `${showFigure(ours.median)} ${unit}`,
    ...rivalCells(ceiling),
    ...rivalCells(peer),
    targets.map(target => target.text[language]).join('; '),
    targets.map(target => (target.met ? yes : no)).join('; '),
  ]
  return `| ${cells.join(' | ')} |`
}

const rivalCells = (rival: ComparedRival | undefined): string[] =>
  rival === undefined ? ['', ''] : [`${rival.name}: ${showFigure(rival.median)}`, showFigure(rival.ratio)]
