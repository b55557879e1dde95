import { Button, CloseButton, Tooltip } from '@mantine/core'
import type { Session } from '@propusk/client'
import { LogOut, MonitorCheck } from 'lucide-react'
import { useState } from 'react'
import { GatedButton, nameOf, useCommonText, usePerson } from '../../../ui/index.ts'
import classes from '../../users/bulk/bulk-bar.module.css'
import { useSessionsText } from '../messages.ts'
import { useEndOthers } from '../use-end-others.tsx'
import { useSessionReasons } from '../use-session-reasons.ts'
import { EndSessionsDialog } from './end-sessions-dialog.tsx'
import { useSessionsBulkText } from './messages.ts'

interface SessionsBarProps {
  readonly sessions: readonly Session[]
  onClear(): void
}

/** What can be done to all sessions that are ticked; there while any are, or while the dialog tells what came of it. */
export function SessionsBar({ sessions, onClear }: SessionsBarProps) {
  const text = useSessionsBulkText()
  const common = useCommonText()
  const [asked, setAsked] = useState<readonly Session[]>()
  if (sessions.length === 0 && asked === undefined) return null
  return (
    <div className={classes.bar} role="toolbar" aria-label={text('bar')}>
      <span className={classes.count} role="status">
        {common('selected', { count: sessions.length })}
      </span>
      <Tooltip label={text('clear')}>
        <CloseButton size="sm" aria-label={text('clear')} onClick={onClear} />
      </Tooltip>
      <div className={classes.acts}>
        {sessions.length === 1 && <EndOthersOf session={sessions[0]!} />}
        <Button
          size="compact-sm"
          variant="default"
          c="var(--bad)"
          leftSection={<LogOut size={14} aria-hidden />}
          onClick={() => setAsked(sessions)}
        >
          {text('end')}
        </Button>
      </div>
      {asked !== undefined && (
        <EndSessionsDialog
          sessions={asked}
          onClose={isFinished => {
            setAsked(undefined)
            if (isFinished) onClear()
          }}
        />
      )}
    </div>
  )
}

/** With one session ticked: that one is kept, and the person's others end. */
function EndOthersOf({ session }: { readonly session: Session }) {
  const text = useSessionsText()
  const person = usePerson(session.user_id)
  const endOthers = useEndOthers()
  const reason = useSessionReasons([session])(session)
  if (endOthers === undefined) return null
  const name = person === undefined ? `users/${session.user_id}` : nameOf(person)
  return (
    <GatedButton
      reason={reason}
      size="compact-sm"
      variant="default"
      leftSection={<MonitorCheck size={14} aria-hidden />}
      onClick={() => endOthers(session, name)}
    >
      {text('others')}
    </GatedButton>
  )
}
