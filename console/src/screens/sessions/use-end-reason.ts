import type { Session } from '@propusk/client'
import { useCallback } from 'react'
import { useEndReasonText } from '../users/detail/messages.ts'

/** Why a session is over, in words; the code itself where a newer server has one that this page does not know. */
export function useEndReason(): (session: Session) => string {
  const text = useEndReasonText()
  return useCallback(
    ({ end_reason }) => text((end_reason ?? 'expired') as Parameters<typeof text>[0]),
    [text],
  )
}
