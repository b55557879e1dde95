import { Button } from '@mantine/core'
import { isProblem } from '@propusk/client'
import { useEffect, useRef, useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import {
  canAutofillPasskeys,
  cancelAutofill,
  canUsePasskeys,
  isDismissed,
  signInByPasskey,
} from '../../session/index.ts'

const useText = defineMessages('passkey-button', {
  en: { signIn: 'Sign in with a passkey' },
  ru: { signIn: 'Войти ключом доступа' },
})

interface PasskeyButtonProps {
  readonly remember: boolean
  onStart(): void
  onProblem(error: unknown): void
}

/** A sign-in by a passkey: by this button, or by what the browser offers in the field of the address. */
export function PasskeyButton({ remember, onStart, onProblem }: PasskeyButtonProps) {
  const text = useText()
  const [isBusy, setBusy] = useState(false)
  useAutofill(onProblem, remember)
  if (!canUsePasskeys()) return null
  const signIn = async () => {
    onStart()
    setBusy(true)
    try {
      await signInByPasskey({ remember: () => remember })
    } catch (error) {
      if (!isDismissed(error)) onProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button variant="default" loading={isBusy} onClick={() => void signIn()}>
      {text('signIn')}
    </Button>
  )
}

function useAutofill(onProblem: (error: unknown) => void, remember: boolean): void {
  const latest = useRef({ onProblem, remember })
  latest.current = { onProblem, remember }
  useEffect(() => {
    let isGone = false
    const offer = async () => {
      if (!(await canAutofillPasskeys().catch(() => false)) || isGone) return
      await signInByPasskey({ isAutofill: true, remember: () => latest.current.remember })
    }
    // Where the browser offers nothing the form is there all the same; only a passkey that was refused is shown.
    offer().catch(error => {
      if (!isGone && isProblem(error, 'invalid_credentials')) latest.current.onProblem(error)
    })
    return () => {
      isGone = true
      cancelAutofill()
    }
  }, [])
}
