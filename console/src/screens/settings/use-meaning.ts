import type { Setting } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

/** What a setting means, in the language that is shown; in English until the other is read, and of one that is new. */
export function useMeaning(): (setting: Setting) => { readonly text: string; readonly lang: string } {
  const { language } = useTranslation().i18n
  const { data } = useQuery({
    queryKey: ['settings', 'russian'],
    enabled: language === 'ru',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await import('./russian-meanings.ts')).russianMeanings,
  })
  return ({ name, description }) => {
    const russian = language === 'ru' ? data?.get(name) : undefined
    return russian === undefined ? { text: description, lang: 'en' } : { text: russian, lang: 'ru' }
  }
}
