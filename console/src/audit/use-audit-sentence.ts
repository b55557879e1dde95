import type { AuditEvent } from '@propusk/client'
import { useCallback } from 'react'
import { describeAuditEvent, type SentenceContext } from './describe-event.ts'
import { useAuditSentenceText } from './messages.ts'

/** Gives the sentence of an event in the language that is shown. */
export function useAuditSentence(): (event: AuditEvent, context?: SentenceContext) => string {
  const text = useAuditSentenceText()
  return useCallback((event, context) => describeAuditEvent(event, text, context), [text])
}
