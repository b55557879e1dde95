import { ProblemError } from '@propusk/client'
import { useState } from 'react'

interface FormLike {
  readonly values: Readonly<Record<string, unknown>>
  setErrors(errors: Record<string, string>): void
}

/**
 * Shows a rejection where it belongs: what it says of a field at the field, the rest (throttling, conflicts, a server that
 * does not answer) in the sentence that is given back, above the button.
 */
export function useFormProblem(form: FormLike) {
  const [problem, setProblem] = useState<unknown>()
  const show = (error: unknown) => {
    if (!(error instanceof ProblemError)) {
      setProblem(error)
      return
    }
    const known = Object.entries(error.errors).filter(([field]) => field in form.values)
    form.setErrors(Object.fromEntries(known.map(([field, messages]) => [field, messages.join(' ')])))
    setProblem(known.length > 0 && known.length === Object.keys(error.errors).length ? undefined : error)
  }
  return { problem, show, clear: () => setProblem(undefined) }
}
