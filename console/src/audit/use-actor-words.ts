import type { AuditEvent } from '@propusk/client'
import { useCallback } from 'react'
import { defineMessages } from '../i18n/index.ts'
import type { SentenceContext } from './describe-event.ts'
import { isStranger } from './is-stranger.ts'

const useActorText = defineMessages('audit-actors', {
  en: {
    server: 'The server',
    unknown: 'Unknown',
    tried: 'Unknown (tried {{account}})',
  },
  ru: {
    server: 'Сервер',
    unknown: 'Неизвестно кто',
    tried: 'Неизвестно кто (пробовал {{account}})',
  },
})

/** Acts of a person who has not proved who they are, with the account that they named. */
const attempts: readonly string[] = ['user.login_failed', 'user.login_step']

/** Who did it: an account; a person who was not signed in, with the account they tried; or the server itself. */
export function useActorWords(): (
  event: AuditEvent,
  nameOf: NonNullable<SentenceContext['nameOf']>,
) => string {
  const text = useActorText()
  return useCallback(
    (event, nameOf) => {
      if (event.actor !== null) return event.actor.email
      if (!isStranger(event)) return text('server')
      const account = attempts.includes(event.action) ? nameOf(event.target ?? '') : undefined
      return account === undefined ? text('unknown') : text('tried', { account })
    },
    [text],
  )
}
