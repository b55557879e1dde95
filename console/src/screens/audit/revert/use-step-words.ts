import { useRevertText } from './messages.ts'
import type { RevertStep } from './reversal.ts'

/** A step in words. */
export function useStepWords(): (step: RevertStep) => string {
  const text = useRevertText()
  const shown = (value: unknown): string => {
    if (typeof value === 'boolean') return text(`${value}`)
    return value === null || value === undefined || value === '' ? text('empty') : String(value)
  }
  return step => {
    if ('role' in step) return text(step.kind, { name: step.role })
    if ('permission' in step) return text(step.kind, { name: step.permission })
    if (step.field === 'is_active') return text(step.was === true ? 'activate' : 'deactivate')
    const field = text(`field_${step.field}` as 'field_name')
    return text('set', { field, from: shown(step.became), to: shown(step.was) })
  }
}
