import { useEffect, useEffectEvent } from 'react'
import { keep, mustKeep, onSessionChange, takeKept } from '../session/index.ts'

interface FormLike {
  getValues(): Record<string, unknown>
  setValues(values: never): void
  isDirty(field?: string): boolean
}

/** Secrets are typed again. */
const isSecret = (field: string) => /password|totp|recovery|secret/.test(field)

/**
 * Keeps what was typed into a form when its session ends by itself, and gives it back to the same person: what differs from
 * what the form started with, without passwords. `name` tells it from other forms of the same address.
 */
export function useKept(name: string, form: FormLike): void {
  const keepTyped = useEffectEvent(() => {
    if (!mustKeep()) return
    const typed = Object.entries(form.getValues()).filter(
      ([field]) => !isSecret(field) && form.isDirty(field),
    )
    if (typed.length > 0) keep(name, Object.fromEntries(typed))
  })
  const restoreTyped = useEffectEvent(() => {
    const typed = takeKept(name)
    if (typed !== undefined) form.setValues(typed as never)
  })
  useEffect(() => {
    restoreTyped()
    return onSessionChange(keepTyped)
  }, [])
}
