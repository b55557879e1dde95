import type { AuditEvent } from '@propusk/client'
import { Status } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'

const tones = { success: 'good', denied: 'warn', failure: 'bad' } as const

export function EventOutcome({ outcome }: Pick<AuditEvent, 'outcome'>) {
  const text = useAuditText()
  return <Status tone={tones[outcome]}>{text(outcome)}</Status>
}
