import { useEffect } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { notifyDone } from '../ui/notify.tsx'
import { takeReloaded } from './missing-piece.ts'

const useText = defineMessages('reloaded', {
  en: {
    new_release: 'The page was reloaded because there is a new version.',
    same_release: 'The page was reloaded because part of it did not load.',
  },
  ru: {
    new_release: 'Страница перезагружена: вышла новая версия.',
    same_release: 'Страница перезагружена: часть её не загрузилась.',
  },
})

/** Says so after the page has loaded itself anew. */
export function ReloadedNote() {
  const text = useText()
  useEffect(() => {
    const reloaded = takeReloaded()
    if (reloaded !== 'no') notifyDone(text(reloaded))
  }, [text])
  return null
}
