import { useState } from 'react'
import type { WithVersion } from '../session/index.ts'
import { isOutdated } from './is-outdated.ts'
import { useCommonText } from './messages.ts'

interface FormLike<Values> {
  getValues(): Values
  setFieldValue(field: string, value: never): void
  setFieldError(field: string, error: string): void
}

interface EditedRowOptions<Row, Values> {
  readonly form: FormLike<Values>
  /** As it is shown when the form opens. */
  readonly row: WithVersion<Row>
  valuesOf(row: Row): Values
  /** Reads the row as it is by now. */
  read(): Promise<WithVersion<Row>>
}

/**
 * The row that a form started from, for as long as somebody types: what differs from it is sent, with its version. When
 * the row has changed meanwhile the server refuses that; `loadAnew` then takes what others changed into the form, and
 * leaves what was typed, so that it can be decided anew.
 */
export function useEditedRow<Row, Values extends Record<string, string>>({
  form,
  row,
  valuesOf,
  read,
}: EditedRowOptions<Row, Values>) {
  const text = useCommonText()
  const [base, setBase] = useState(row)
  const [outdated, setOutdated] = useState(false)

  const loadAnew = async () => {
    const now = await read()
    const [before, after, typed] = [valuesOf(base), valuesOf(now), form.getValues()]
    for (const field of Object.keys(after)) {
      const value = after[field]!
      if (value === before[field] || value === typed[field]) continue
      if (typed[field] === before[field]) form.setFieldValue(field, value as never)
      else form.setFieldError(field, text(value === '' ? 'emptyNow' : 'otherNow', { value }))
    }
    setBase(now)
    setOutdated(false)
  }

  return {
    base,
    setBase,
    outdated,
    loadAnew,
    /** Whether that is what an attempt to save was refused for; it is then told by `OutdatedNote`. */
    takeOutdated(error: unknown): boolean {
      if (isOutdated(error)) setOutdated(true)
      return isOutdated(error)
    },
  }
}
