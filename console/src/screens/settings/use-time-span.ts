import { useTranslation } from 'react-i18next'
import { localeFor } from '../../i18n/index.ts'

const units = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const

/** A length of time as the settings write it, such as `90d`, in words; undefined for what has no end, or is off. */
export function useTimeSpan(): (value: string | null) => string | undefined {
  const { language } = useTranslation().i18n
  return value => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(value ?? '') ?? []
    if (count === undefined) return undefined
    return new Intl.NumberFormat(localeFor(language, navigator.languages), {
      style: 'unit',
      unit: units[unit as keyof typeof units],
      unitDisplay: 'long',
    }).format(Number(count))
  }
}
