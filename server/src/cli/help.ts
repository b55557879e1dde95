import { settings } from '../config/index.ts'
import type { CommandName } from './command.ts'
import { commandNames, specOf } from './command-table.ts'

/** The text of `--help`: for one command, for a group such as `user`, or for all. Ends with a line break. */
export function helpText(about: string | undefined): string {
  const name = commandNames.find(name => name === about)
  if (name !== undefined) return helpForCommand(name)
  const members = commandNames.filter(name => about === undefined || name.startsWith(`${about} `))
  const lines = members.map((name): [string, string] => [usageOf(name), specOf(name).summary])
  const general: [string, string][] = [
    ['--help', 'this text; after a command, what it does'],
    ['--version', 'the version of propusk'],
  ]
  return [
    `Usage: propusk ${about === undefined ? '' : `${about} `}<command>`,
    section('Commands', twoColumns(lines)),
    section('Options', twoColumns(about === undefined ? general : general.slice(0, 1))),
    'Settings are environment variables or lines of a .env file: see propusk serve --help.\n',
  ].join('\n\n')
}

/** `user create EMAIL [--superuser] [--staff]` */
export function usageOf(name: CommandName): string {
  const { operands, optionalOperands = [], flags, values = {} } = specOf(name)
  return [
    name,
    ...operands,
    ...optionalOperands.map(operand => `[${operand}]`),
    ...Object.keys(flags).map(flag => `[--${flag}]`),
    ...Object.entries(values).map(([flag, { value }]) => `[--${flag} ${value}]`),
  ].join(' ')
}

function helpForCommand(name: CommandName): string {
  const spec = specOf(name)
  const options = [
    ...Object.entries(spec.flags).map(([flag, meaning]): [string, string] => [`--${flag}`, meaning]),
    ...Object.entries(spec.values ?? {}).map(([flag, { value, meaning }]): [string, string] => [
      `--${flag} ${value}`,
      meaning,
    ]),
  ]
  const parts = [`Usage: propusk ${usageOf(name)}`, spec.description]
  if (options.length > 0) parts.push(section('Options', twoColumns(options)))
  parts.push(section('Examples', spec.examples.map(example => `  ${example}`).join('\n')))
  if (spec.showsSettings) parts.push(section('Settings', settingsText()))
  return `${parts.join('\n\n')}\n`
}

/** Every setting with its unit, its default and its sentence. */
function settingsText(): string {
  return settings
    .map(({ name, default: value, unit, meaning }) => {
      const shownDefault = value === undefined || value === '' ? 'not set' : `default ${value}`
      return `  ${name} (${shownDefault})\n      ${meaning}\n      ${unit}`
    })
    .join('\n')
}

const section = (title: string, text: string): string => `${title}:\n${text}`

function twoColumns(lines: readonly [string, string][]): string {
  const width = Math.max(...lines.map(([left]) => left.length))
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
