import { parseArgs } from 'node:util'
import { closestName, printable } from '../kernel/index.ts'
import type { Command, CommandName } from './command.ts'
import { commandNames, type Found, specOf, valueOptionNames } from './command-table.ts'

/** What a command line asks for. `about` is a command, the first word of several (`user`), or undefined for all. */
export type ParsedArguments =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'help'; readonly about: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong usage'; readonly fault: string; readonly about: string | undefined }

/** Understands the words after the program's name. Never throws, and never repeats an operand: it may be a misplaced password. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const { words, flags, values, fault } = split(argv)
  if (fault !== undefined) return wrong(fault)
  if (words.length === 0) return withoutCommand(flags)
  const name = commandNames.find(name => startsWith(words, name))
  if (name === undefined) return unknownCommand(words, flags)
  if (flags.has('help')) return { kind: 'help', about: name }
  return readCommand(name, { operands: words.slice(name.split(' ').length), flags, values })
}

interface Split {
  readonly words: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly fault?: string
}

function split(argv: readonly string[]): Split {
  // Not strict: unknown names reach us as tokens, so that we can say which one was probably meant.
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(valueOptionNames.map(flag => [flag, { type: 'string' as const }])),
    },
  })
  const words: string[] = []
  const flags = new Set<string>()
  const values = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    if (valueOptionNames.includes(token.name)) {
      if ((token.value ?? '').trim() === '')
        return { words, flags, values, fault: `--${token.name} needs a value` }
      values.set(token.name, token.value!)
    } else if (token.value !== undefined) {
      return { words, flags, values, fault: `--${printable(token.name)} takes no value` }
    }
    flags.add(token.name)
  }
  return { words, flags, values }
}

function withoutCommand(flags: ReadonlySet<string>): ParsedArguments {
  if (flags.has('help')) return { kind: 'help', about: undefined }
  const unknown = unknownFlag(flags, ['help', 'version'])
  if (unknown !== undefined) return wrong(unknown)
  return flags.has('version') ? { kind: 'version' } : wrong('a command is missing')
}

function unknownCommand(words: readonly string[], flags: ReadonlySet<string>): ParsedArguments {
  const [first = '', second] = words
  const members = commandNames.filter(name => name.startsWith(`${first} `))
  if (members.length === 0)
    return wrong(`there is no command «${shown(first)}»${suggestion(words, commandNames)}`)
  if (second === undefined && flags.has('help')) return { kind: 'help', about: first }
  if (second === undefined) return wrong(`«${first}» needs one more word`, first)
  return wrong(`there is no command «${first} ${shown(second)}»${suggestion(words, members)}`, first)
}

function readCommand(name: CommandName, found: Found): ParsedArguments {
  const spec = specOf(name)
  const unknown = unknownFlag(found.flags, [...Object.keys(spec.flags), ...Object.keys(spec.values ?? {})])
  if (unknown !== undefined) return wrong(`${name}: ${unknown}`, name)
  const missing = spec.operands.find((_, position) => (found.operands[position] ?? '').trim() === '')
  if (missing !== undefined) return wrong(`${name}: ${missing} is missing`, name)
  const takes = [...spec.operands, ...(spec.optionalOperands ?? [])]
  if (found.operands.length > takes.length) {
    const taken = takes.length === 0 ? 'nothing' : `only ${takes.join(' ')}`
    return wrong(`${name}: too many words, it takes ${taken}`, name)
  }
  return { kind: 'command', command: spec.read(found) }
}

function unknownFlag(flags: ReadonlySet<string>, known: readonly string[]): string | undefined {
  const unknown = [...flags].find(flag => !known.includes(flag))
  if (unknown === undefined) return undefined
  const meant = closestName(unknown, known)
  const dashes = unknown.length === 1 ? '-' : '--'
  return `there is no ${dashes}${shown(unknown)}${meant === undefined ? '' : `; did you mean --${meant}?`}`
}

/** Several words are compared with names of several words, so that `usr create` finds `user create`. */
function suggestion(words: readonly string[], names: readonly string[]): string {
  const meant = closestName(words.slice(0, 2).join(' '), names) ?? closestName(words[0] ?? '', names)
  return meant === undefined ? '' : `; did you mean «${meant}»?`
}

const startsWith = (words: readonly string[], name: string): boolean =>
  name.split(' ').every((word, position) => words[position] === word)

const shown = (word: string): string => printable(word.length > 40 ? `${word.slice(0, 40)}…` : word)

const wrong = (fault: string, about?: string): ParsedArguments => ({ kind: 'wrong usage', fault, about })
