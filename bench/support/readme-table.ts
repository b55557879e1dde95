import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Judged, JudgedRival, Name } from './comparison.ts'
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
      `Measured on ${date}: ${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}. Medians; the ratio is what counts, the absolute figures are this machine's.`,
  },
  ru: {
    head: '| что | у нас | потолок | отношение | аналог | отношение | цель | достигнуто |',
    yes: 'да',
    no: '**нет**',
    machine: ({ processor, cores, memoryGb, system, node }, date) =>
      `Измерено ${date}: ${processor}, ядер: ${cores}, память ${memoryGb} ГБ, ${system}, Node ${node}. Медианы; важны отношения, абсолютные числа — этой машины.`,
  },
}

type MachineWords = (machine: Machine, date: string) => string

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const readmes: Readonly<Record<Language, string>> = { en: pathOf('README.md'), ru: pathOf('README.ru.md') }

/** Throws an Error that names a README without the marks: better before a run of minutes than after it. */
export function assertMarks(): void {
  for (const file of Object.values(readmes)) withTable(readFileSync(file, 'utf8'), '', file)
}

/** Puts the figures between the marks of both READMEs. Throws an Error that names a README without the marks. */
export function writeReadmeTables(record: BenchRecord): void {
  for (const [language, file] of Object.entries(readmes) as [Language, string][]) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, withTable(text, tableOf(record, language), file))
  }
}

export function withTable(text: string, table: string, file: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} lacks the lines ${begin} and ${end}: add them.`)
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`
}

export function tableOf({ machine, date, rows }: BenchRecord, language: Language): string {
  const { head, machine: describe } = words[language]
  const rule = `|---|---:|---:|---:|---:|---:|---|---|`
  return [
    head,
    rule,
    ...rows.map(row => rowOf(row, language)),
    '',
    describe(machine, date.slice(0, 10)),
  ].join('\n')
}

function rowOf({ what, unit, ours, ceiling, peer, targets }: Judged, language: Language): string {
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

const rivalCells = (rival: JudgedRival | undefined): string[] =>
  rival === undefined ? ['', ''] : [`${rival.name}: ${showFigure(rival.median)}`, showFigure(rival.ratio)]
