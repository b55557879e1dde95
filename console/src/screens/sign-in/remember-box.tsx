import { Checkbox, type CheckboxProps } from '@mantine/core'
import { defineMessages } from '../../i18n/index.ts'
import { useSignInOptions } from '../../session/index.ts'

const useText = defineMessages('remember', {
  en: { remember: 'Keep me signed in' },
  ru: { remember: 'Оставаться в системе' },
})

/** Chooses the whole life of a session, where sessions end when they are idle. */
export function RememberBox({ input }: { readonly input: CheckboxProps }) {
  const text = useText()
  if (useSignInOptions()?.session_idle !== true) return null
  return <Checkbox {...input} label={text('remember')} />
}
