import { ProblemError } from '@propusk/client'
import { useState } from 'react'

interface FormLike {
  readonly values: Readonly<Record<string, unknown>>
  setErrors(errors: Record<string, string>): void
}

/**
 * Does what the button of a form asks for, and shows a rejection where it belongs: what it says of a field at the field, the rest
 * (throttling, conflicts, a server that does not answer) in the sentence that is given back, above the button.
 */
export function useFormProblem(form: FormLike) {
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const show = (error: unknown) => {
    if (!(error instanceof ProblemError)) {
      setProblem(error)
      return
    }
    const known = Object.entries(error.errors).filter(([field]) => field in form.values)
    form.setErrors(Object.fromEntries(known.map(([field, messages]) => [field, messages.join(' ')])))
    setProblem(known.length > 0 && known.length === Object.keys(error.errors).length ? undefined : error)
  }
  const clear = () => setProblem(undefined)
  /** The form is busy meanwhile. What is refused is shown, unless `onRefusal` deals with it. */
  const attempt = async (act: () => Promise<unknown>, onRefusal: (error: unknown) => unknown = show) => {
    clear()
    setBusy(true)
    try {
      await act()
    } catch (error) {
      await onRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  return { problem, isBusy, attempt, show, clear }
}
