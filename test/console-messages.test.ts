import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

/** A text that no page shows is translated, edited and read for nothing. */
const root = join(import.meta.dirname, '../console/src')

interface Messages {
  /** Whether it is put together of parts: many files share it by an argument. */
  readonly isComposed: boolean
  readonly namespace: string
  readonly hook: string
  readonly file: string
  readonly keys: readonly string[]
}

const definition =
  /const (\w+) = defineMessages\('([^']+)', \{\n {2}en: (?:\{\n([\s\S]*?)\n {2}\}|\{(.*)\}|(\w+)),\n {2}ru: [\s\S]*?\n\}\)/g
/** A part of a list in a file of its own, which the list takes in with `...name.en`. */
const part = /const (\w+) = \{\n {2}en: \{\n([\s\S]*?)\n {2}\},\n {2}ru: \{[\s\S]*?\n\}/g
const plural = /_(?:one|few|many|other)$/

const sources = new Map(
  globSync('**/*.{ts,tsx}', { cwd: root }).map(file => [file, readFileSync(join(root, file), 'utf8')]),
)
/** The same without the lists themselves: a key is not used by being defined. */
const code = new Map(
  [...sources].map(([file, text]) => [
    file,
    text.replaceAll(definition, 'const $1 = 0').replaceAll(part, 'const $1 = 0'),
  ]),
)

const lists: readonly Messages[] = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(definition)].map(([, hook, namespace, lines, line, name]) => ({
    hook: hook!,
    namespace: namespace!,
    file,
    isComposed: line?.includes('...') ?? false,
    keys: keysIn(lines ?? (line === undefined ? listOf(text, name!) : partsOf(line) || `    ${line.trim()}`)),
  })),
)

/** The parts that `{ ...first.en, ...second.en }` takes in. */
function partsOf(line: string): string {
  const parts = new Map(
    [...sources.values()].flatMap(text => [...text.matchAll(part)].map(([, name, keys]) => [name, keys])),
  )
  return [...line.matchAll(/\.\.\.(\w+)\.en/g)].map(([, name]) => parts.get(name)).join('\n')
}

/** A list that has a name of its own in the same file. */
const listOf = (text: string, name: string): string =>
  new RegExp(`const ${name} = \\{\\n([\\s\\S]*?)\\n\\}`).exec(text)![1]!.replaceAll(/^ {2}(?=\S)/gm, '    ')

function keysIn(list: string): readonly string[] {
  const keys = [...list.matchAll(/^ {4}(?:'([^']+)'|(\w+)):/gm)]
  return [...new Set(keys.map(([, quoted, plain]) => (quoted ?? plain)!.replace(plural, '')))]
}

/** Where values come from that may be keys themselves: the API, and the code of the server and of the console that names them. */
const values = [
  ...code.values(),
  ...globSync('../../server/src/**/*.ts', { cwd: root }).map(file => readFileSync(join(root, file), 'utf8')),
].join('\n')

const isSaid = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text)

/** Whether the hook or what it gave is handed on, so that a file may ask for a text that names neither. */
function isHandedOn(text: string, hook: string): boolean {
  const plain = text.replaceAll(/^(?:import|export \{)[\s\S]*?from '.*'$/gm, '')
  return new RegExp(`(?<!typeof |const )\\b${hook}\\b(?!\\()`).test(plain)
}

interface Readers {
  readonly texts: readonly string[]
  /** Whether any file may ask, by whatever name. */
  readonly isShared: boolean
}

/** The code that can ask for a text: what names the hook or the namespace; all of it where the hook is handed on. */
function readersOf({ hook, namespace, file, isComposed }: Messages): Readers {
  const named = [...code].filter(
    ([reader, text]) =>
      reader === file ||
      isSaid(text, hook) ||
      new RegExp(`(?:ns: |inEveryLanguage\\()'${namespace}'`).test(text),
  )
  const isShared = isComposed || named.some(([reader, text]) => reader !== file && isHandedOn(text, hook))
  const typed = [...sources.get(file)!.matchAll(new RegExp(`export type (\\w+) =[^\\n]*${hook}`, 'g'))]
  const byType = [...code].filter(([, text]) => typed.some(([, type]) => isSaid(text, type!)))
  return { isShared, texts: (isShared ? [...code] : [...named, ...byType]).map(([, text]) => text) }
}

/** What a file calls the function that the hook gives, here or by an argument. */
const namesOf = (text: string, hook: string): string[] =>
  [`const (\\w+) = ${hook}\\(\\)`, `(\\w+): ReturnType<typeof ${hook}>`].flatMap(form =>
    [...text.matchAll(new RegExp(form, 'g'))].map(([, name]) => name!),
  )

/** All that stands in the parentheses of the calls of what the hook gave. */
function askedIn(text: string, hook: string): string {
  const names = namesOf(text, hook)
  if (text.includes("ns: 'common'")) names.push('common')
  const calls = names.flatMap(name => [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\(`, 'g'))])
  return calls.map(call => argumentsAt(text, call.index + call[0].length)).join('\n')
}

/** What stands between the parentheses that open before `start`. */
function argumentsAt(text: string, start: number): string {
  let end = start
  for (let depth = 1; end < text.length; end++) {
    if (text[end] === '(') depth += 1
    if (text[end] === ')') depth -= 1
    if (depth === 0) break
  }
  return text.slice(start, end)
}

/** Whether a reader asks by a value that only a run knows: `text(reason)`. */
function isAskedByValue(text: string, { hook, namespace }: Messages): boolean {
  if (text.includes(`inEveryLanguage('${namespace}', id)`)) return true
  const names = namesOf(text, hook)
  return names.some(name =>
    new RegExp(`(?<![\\w.])${name}\\((?:\\w+(?:\\.\\w+)*[,)]|[^'\`\\n][^\\n]* as )`).test(text),
  )
}

const isNamed = (value: string): boolean => values.includes(`'${value}'`)

/** A value as it stands, an action with its point (`api_key.create`), or one behind a word (`failed_user.login`). */
function isValue(key: string): boolean {
  const [word = '', ...rest] = key.split('_')
  if (isNamed(key)) return true
  if (
    rest.some((_, at) =>
      isNamed(
        key
          .split('_')
          .with(at, `${key.split('_')[at]}.`)
          .join('_')
          .replace('._', '.'),
      ),
    )
  )
    return true
  return rest.length > 0 && isNamed(word) && isValue(rest.join('_'))
}

/** What a template can give: `is_${flag}_title`. */
const templatesIn = (text: string): readonly RegExp[] =>
  [...text.matchAll(/`(\w*(?:\$\{[^`{}]*\}\w*)+)`/g)]
    .filter(([, template]) => /\w{3}/.test(template!.replaceAll(/\$\{[^}]*\}/g, '')))
    .map(([, template]) => new RegExp(`^${template!.replaceAll(/\$\{[^}]*\}/g, '\\w+')}$`))

/** Keys that no reader asks for: by name, by a template or by a value. */
function unusedOf(list: Messages): readonly string[] {
  const { texts, isShared } = readersOf(list)
  const byValue = list.isComposed || texts.some(text => isAskedByValue(text, list))
  // Where each text is asked for by its name, a name elsewhere in the file is another thing.
  const asked = (isShared || byValue ? texts : texts.map(text => askedIn(text, list.hook))).join('\n')
  const templates = templatesIn(asked)
  const isUsed = (key: string) =>
    new RegExp(`['\`]${RegExp.escape(key)}['\`]|\\b${RegExp.escape(key)}: [{[]`).test(asked) ||
    templates.some(template => template.test(key)) ||
    (byValue && isValue(key))
  return list.keys.filter(key => !isUsed(key)).map(key => `${list.namespace}: ${key}`)
}

describe('the texts of the console', () => {
  test('are found, all of them', () => {
    const defined = [...sources.values()].join('\n').match(/= defineMessages\(/g)?.length
    assert.equal(lists.length, defined)
    assert.deepEqual(
      lists.filter(({ keys }) => keys.length === 0).map(({ namespace }) => namespace),
      [],
    )
  })

  test('are each shown somewhere', () => {
    assert.deepEqual(lists.flatMap(unusedOf), [])
  })
})
