import type { Session } from '@propusk/client'
import { useRefresh } from '../../access/index.ts'
import { api, useMay } from '../../session/index.ts'
import { confirm, describeDevice, notifyDone, useCommonText } from '../../ui/index.ts'
import { useSessionsText } from './messages.ts'

/** Asks, then ends all sessions of a person but this one; undefined for whoever may not. */
export function useEndOthers(): ((kept: Session, person: string) => void) | undefined {
  const text = useSessionsText()
  const common = useCommonText()
  const may = useMay()
  const refresh = useRefresh()
  if (!may('sessions', 'delete')) return undefined
  return (kept, person) => {
    const device = describeDevice(kept.user_agent).name || common('unknownDevice')
    confirm({
      title: text('others_title', { person }),
      body: text('others_means', { device, address: kept.ip_address }),
      verb: text('others'),
      act: async () => {
        const { ended } = await api.call('endOtherSessions', { params: { id: kept.id } })
        notifyDone(text('othersEnded', { count: ended }))
        await refresh('sessions', 'audit', 'statistics')
      },
    })
  }
}
