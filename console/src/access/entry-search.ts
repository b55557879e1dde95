import type { OptionsFilter } from '@mantine/core'
import { russianNames } from './entry-names.ts'

interface Named {
  readonly code_name: string
  readonly name: string
}

const normal = (text: string): string => text.normalize('NFC').toLocaleLowerCase()

/** Whether every word that is searched for stands in one of the texts, in any case. */
export function finds(search: string, ...texts: readonly string[]): boolean {
  const whole = normal(texts.join('\n'))
  return normal(search)
    .split(/\s+/)
    .every(word => whole.includes(word))
}

/** What a resource or an action is found by: its names for people, of a built-in one in each language, and its code name. */
export const textsOf = ({ code_name, name }: Named): readonly string[] => [
  name,
  code_name,
  russianNames[code_name] ?? '',
]

/** Options of a picker, in groups or without, are found by what they are called and by their code name. */
export const findByNames =
  (textsOfValue: (value: string) => readonly string[] = () => []): OptionsFilter =>
  ({ options, search }) => {
    const fits = ({ label, value }: { readonly label: string; readonly value: string }) =>
      finds(search, label, value, ...textsOfValue(value))
    return options
      .map(option => ('group' in option ? { ...option, items: option.items.filter(fits) } : option))
      .filter(option => ('group' in option ? option.items.length > 0 : fits(option)))
  }
