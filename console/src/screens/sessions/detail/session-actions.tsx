import type { Session, User } from '@propusk/client'
import { LogOut, MonitorCheck, Power } from 'lucide-react'
import { useRefresh } from '../../../access/index.ts'
import { useMay } from '../../../session/index.ts'
import { confirm, GatedButton, notifyDone } from '../../../ui/index.ts'
import { useAccountActs } from '../../users/detail/use-account-acts.tsx'
import { endSession } from '../end-session.ts'
import { useSessionsText } from '../messages.ts'
import { useEndOthers } from '../use-end-others.tsx'
import { useOwnSession } from '../use-own-session.ts'
import { useSessionReasons } from '../use-session-reasons.ts'

interface SessionActionsProps {
  readonly session: Session
  /** Undefined for whoever may not see people. */
  readonly person: User | undefined
  readonly device: string
  readonly name: string
}

/** Ending all of the person's sessions, or this one; nothing once it is over and there is nobody to ask about. */
export function SessionActions({ session, person, device, name }: SessionActionsProps) {
  const text = useSessionsText()
  const may = useMay()
  const own = useOwnSession()
  const refresh = useRefresh()
  const endOthers = useEndOthers()
  const reason = useSessionReasons([session])(session)
  const mayEnd = session.is_active && (may('sessions', 'update') || may('sessions', 'delete'))
  const end = () =>
    confirm({
      title: text('end_title', { device, person: name }),
      body: (
        <>
          {text('end_means')} {session.uuid === own && text('end_self')}
        </>
      ),
      verb: text('end'),
      act: async () => {
        await endSession(session.id, may('sessions', 'delete'))
        notifyDone(text('sessionEnded', { device }))
        await refresh('sessions', 'audit', 'statistics')
      },
    })
  return (
    <>
      {person !== undefined && may('tokens', 'delete') && <EndAllOf person={person} reason={reason} />}
      {session.is_active && endOthers !== undefined && (
        <GatedButton
          reason={reason}
          variant="default"
          leftSection={<MonitorCheck size={15} aria-hidden />}
          onClick={() => endOthers(session, name)}
        >
          {text('others')}
        </GatedButton>
      )}
      {mayEnd && (
        <GatedButton
          reason={reason}
          variant="default"
          c="var(--bad)"
          leftSection={<Power size={15} aria-hidden />}
          onClick={end}
        >
          {text('end')}
        </GatedButton>
      )}
    </>
  )
}

interface EndAllOfProps {
  readonly person: User
  readonly reason: string | undefined
}

function EndAllOf({ person, reason }: EndAllOfProps) {
  const text = useSessionsText()
  const { logOut } = useAccountActs(person)
  return (
    <GatedButton
      reason={reason}
      variant="default"
      leftSection={<LogOut size={15} aria-hidden />}
      onClick={() => void logOut()}
    >
      {text('endAllOf')}
    </GatedButton>
  )
}
