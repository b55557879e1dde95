import { Command as Commander, type ErrorOptions, type HelpContext } from 'commander'
import { closestName, printable } from '../kernel/index.ts'

/** A command line that is not understood. INVARIANT: `message` repeats no operand and no value, which may be a misplaced password. */
export class WrongUsage extends Error {
  /** The command or the group whose help says how it is done; empty for the help of all. */
  readonly about: string

  constructor(message: string, about: string) {
    super(message)
    this.name = 'WrongUsage'
    this.about = about
  }
}

/** Commander with our form of its errors: one line, which names the command and keeps a password to itself. */
export class Program extends Commander {
  override createCommand(name?: string): Program {
    return new Program(name)
  }

  /** Every error of commander passes here. */
  override error(text: string, { code }: ErrorOptions = {}): never {
    const about = pathOf(this)
    const fault = faultOf(this, text, code)
    throw new WrongUsage(printable(about === '' || isGroup(this) ? fault : `${about}: ${fault}`), about)
  }

  /** Commander also calls this where a command is missing, and where a wrong one stands before `--help`. */
  override outputHelp(context?: HelpContext | ((text: string) => string)): void {
    if (typeof context === 'object' && context.error) {
      this.error(this.parent === null ? 'a command is missing' : `«${this.name()}» needs one more word`)
    }
    if (isGroup(this) && this.args.some(word => !word.startsWith('-'))) {
      this.error('', { code: 'commander.unknownCommand' })
    }
    super.outputHelp(context as HelpContext)
  }
}

function faultOf(command: Commander, text: string, code: string | undefined): string {
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand(command)
    case 'commander.unknownOption':
      return unknownOption(command, text)
    case 'commander.excessArguments': {
      const takes = command.registeredArguments.map(argument => argument.name())
      return `too many words, it takes ${takes.length === 0 ? 'nothing' : `only ${takes.join(' ')}`}`
    }
  }
  return text.replace(/^error: /, '')
}

/** Commander compares one word with the names of one level; `usr create` and `user-create` mean `user create`, too. */
function unknownCommand(command: Commander): string {
  const parents = pathOf(command).split(' ').filter(Boolean)
  const words = [...parents, ...command.args]
  const leaves = leavesOf(command)
  const known = ['--help', ...leaves.flatMap(leaf => leaf.options.map(option => option.long))]
  const strange = command.args.find(word => word.startsWith('-') && !known.includes(word.split('=', 1)[0]))
  // What looks like the name of a command may be the value of an option that there is not.
  if (strange !== undefined) return unknownOption(command, `'${strange}'`)
  const names = leaves.map(pathOf)
  const meant = closestName(words.slice(0, 2).join(' '), names) ?? closestName(words[0]!, names)
  const presented = words.slice(0, parents.length + 1).join(' ')
  const shown = presented.length > 40 ? `${presented.slice(0, 40)}…` : presented
  return `there is no command «${shown}»${meant === undefined ? '' : `; did you mean «${meant}»?`}`
}

/** Commander quotes the whole word, such as `--password=…`; of `-pSECRET`, too, only the name is shown. */
function unknownOption(command: Commander, text: string): string {
  const [, name = 'such option'] = /'(--[^=']{1,40}|-[^-'])/u.exec(text) ?? []
  if (command.options.some(option => option.long === name)) return `${name} takes no value`
  const [, meant] = /\(Did you mean ([^()]+)\?\)$/.exec(text) ?? []
  return `there is no ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

export const isGroup = (command: Commander): boolean => command.commands.length > 0

/** The commands below this one that can be run. */
export const leavesOf = (command: Commander): Commander[] =>
  command.commands.flatMap(each => (isGroup(each) ? leavesOf(each) : [each]))

/** `user create`; empty for the program itself. */
const pathOf = (command: Commander): string =>
  command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trimStart()

/** `user create EMAIL [--superuser] [--staff]`; `user <command>` for a group. */
export function usageOf(command: Commander): string {
  if (isGroup(command)) return `${pathOf(command)} <command>`.trimStart()
  return [
    pathOf(command),
    ...command.registeredArguments.map(argument =>
      argument.required ? argument.name() : `[${argument.name()}]`,
    ),
    ...command.options.map(option => `[${option.flags}]`),
  ].join(' ')
}

/**
 * The same command line with its words first: commander reads the options of a command only behind its whole name,
 * and one may well type `--staff user create …`. With `--help` among the options no other one counts.
 */
export function wordsFirst(program: Commander, argv: readonly string[]): string[] {
  const takesValue = leavesOf(program).flatMap(command => command.options.filter(option => option.required))
  const words: string[] = []
  const options: string[] = []
  let position = 0
  for (; position < argv.length && argv[position] !== '--'; position++) {
    const word = argv[position]!
    if (!/^-./.test(word)) {
      words.push(word)
      continue
    }
    options.push(word)
    const value = argv[position + 1]
    if (value === undefined || !takesValue.some(option => option.long === word)) continue
    options.push(value)
    position++
  }
  const isHelp = options.some(option => option === '--help' || option === '-h')
  return [...words, ...(isHelp ? ['--help'] : options), ...argv.slice(position)]
}
