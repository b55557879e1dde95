import i18next from 'i18next'
import type { ReactNode } from 'react'
import { locales } from '../i18n/index.ts'

export interface PaletteEntry {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly icon: ReactNode
  act(): void
}

export interface PaletteGroup {
  readonly label: string
  readonly entries: readonly PaletteEntry[]
}

export const iconSize = 16

/** A message in every language: what one knows by its name in the other one is found by it, too. */
export const inEveryLanguage = (namespace: string, key: string): string =>
  locales.map(locale => i18next.getFixedT(locale, namespace)(key)).join(' ')

const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е')

/**
 * Whether a text has every word that was typed, in any order, also where it was typed in the other keyboard layout or with
 * «е» for «ё».
 */
export function hasWords(text: string, typed: string): boolean {
  const searched = plain(text)
  const has = (words: string) =>
    plain(words)
      .split(/\s+/)
      .every(word => searched.includes(word))
  return has(typed) || has(inOtherLayout(typed))
}

/** The keys of both layouts, as they stand on the keyboard, without and with Shift. */
const latinKeys = `qwertyuiop[]asdfghjkl;'zxcvbnm,./\`@#:`
const cyrillicKeys = `йцукенгшщзхъфывапролджэячсмитьбю.ё"№Ж`

/** What the same keys write in the other layout: «вфкл» is «dark», and «Plhfdcndeqnt» is «Здравствуйте». */
export function inOtherLayout(typed: string): string {
  const [from, to] = /[а-яё№]/i.test(typed) ? [cyrillicKeys, latinKeys] : [latinKeys, cyrillicKeys]
  return [...typed].map(key => to[from.indexOf(key)] ?? to[from.indexOf(key.toLowerCase())] ?? key).join('')
}
