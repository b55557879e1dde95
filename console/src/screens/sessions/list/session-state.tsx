import type { Session } from '@propusk/client'
import { Status } from '../../../ui/index.ts'
import { useSessionsText } from '../messages.ts'

export function SessionState({ session }: { readonly session: Pick<Session, 'is_active'> }) {
  const text = useSessionsText()
  return session.is_active ? (
    <Status tone="good">{text('live')}</Status>
  ) : (
    <Status tone="quiet">{text('ended')}</Status>
  )
}
