import type { Invitation, SentInvitation } from '@propusk/client'
import { useCallback } from 'react'
import { useFirstNotHeld, useRefresh, useWholeList } from '../../access/index.ts'
import { api, useMay } from '../../session/index.ts'
import { confirm, notifyDone } from '../../ui/index.ts'
import { useInvitationsText } from './messages.ts'

type WithLink = SentInvitation & { readonly link: string }

/** Tells that the mail is on its way, or hands the link over where this server sends none. */
export function useSent(onLink: (sent: WithLink) => void): (sent: SentInvitation) => void {
  const text = useInvitationsText()
  const refresh = useRefresh()
  return useCallback(
    sent => {
      void refresh('invitations', 'audit', 'mail')
      if (sent.link === null) notifyDone(text('invited', { email: sent.email }))
      else onLink({ ...sent, link: sent.link })
    },
    [text, refresh, onLink],
  )
}

export interface InvitationActs {
  /** Why it can be neither sent again nor revoked by who is signed in; undefined where it can. */
  reasonFor(invitation: Invitation): string | undefined
  resend(invitation: Invitation): void
  revoke(invitation: Invitation): void
}

export function useInvitationActs(onLink: (sent: WithLink) => void): InvitationActs {
  const text = useInvitationsText()
  const refresh = useRefresh()
  const sent = useSent(onLink)
  return {
    reasonFor: useReason(),
    resend: ({ id, email }) =>
      confirm({
        title: text('resendTitle', { email }),
        body: text('resendBody'),
        verb: text('resend'),
        tone: 'grant',
        act: async () => sent(await api.call('resendInvitation', { params: { id } })),
      }),
    revoke: ({ id, email }) =>
      confirm({
        title: text('revokeTitle', { email }),
        body: text('revokeBody'),
        verb: text('revoke'),
        act: async () => {
          await api.call('revokeInvitation', { params: { id } })
          void refresh('invitations', 'audit')
          notifyDone(text('revokedNow', { email }))
        },
      }),
  }
}

/** By the rules of the server, which checks it again: who gives a role holds what is in it. */
function useReason(): (invitation: Invitation) => string | undefined {
  const text = useInvitationsText()
  const may = useMay()
  const firstNotHeld = useFirstNotHeld()
  const known = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') }).data ?? []
  return ({ roles }) => {
    if (!may('users', 'create')) return text('mayNot')
    for (const role of known.filter(({ code_name }) => roles.includes(code_name))) {
      const permission = firstNotHeld(role.permissions)
      if (permission !== undefined) return text('rank', { role: role.name, permission })
    }
    return undefined
  }
}
