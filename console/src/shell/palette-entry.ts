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

/** Whether a text has every word that was typed, in any order. */
export function hasWords(text: string, typed: string): boolean {
  const lower = text.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every(word => lower.includes(word))
}
