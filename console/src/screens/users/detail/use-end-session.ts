import type { Session, User } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { api, useMay } from '../../../session/index.ts'
import { confirm, describeDevice, nameOf, notifyDone } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'

/** Asks, then ends one session of a person. */
export function useEndSession(user: User): (session: Session) => void {
  const text = useUserText()
  const may = useMay()
  const queries = useQueryClient()
  return session => {
    const device = describeDevice(session.user_agent).name
    const params = { id: session.id }
    confirm({
      title: text('end_title', { device, name: nameOf(user) }),
      body: text('end_means'),
      verb: text('end'),
      act: async () => {
        await (may('sessions', 'delete')
          ? api.call('deleteSession', { params })
          : api.call('endSession', { params, body: { is_active: false } }))
        for (const key of ['sessions', 'audit']) void queries.invalidateQueries({ queryKey: [key] })
        notifyDone(text('sessionEnded', { device }))
      },
    })
  }
}
