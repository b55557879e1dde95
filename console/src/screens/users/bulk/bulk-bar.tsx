import { Button, CloseButton, Tooltip } from '@mantine/core'
import type { User } from '@propusk/client'
import { LogOut, ShieldMinus, ShieldPlus, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/index.ts'
import { useCommonText } from '../../../ui/index.ts'
import type { BulkKind } from './bulk-act.ts'
import classes from './bulk-bar.module.css'
import { BulkDialog } from './bulk-dialog.tsx'
import { useBulkText } from './messages.ts'

interface BulkBarProps {
  readonly people: readonly User[]
  onClear(): void
}

/** What can be done to everybody who is ticked; nothing is done before the dialog has been answered. */
export function BulkBar({ people, onClear }: BulkBarProps) {
  const text = useBulkText()
  const common = useCommonText()
  const may = useMay()
  const [asked, setAsked] = useState<BulkKind>()
  const offered = [
    ...(may('users', 'update') && may('roles', 'read')
      ? [
          { kind: 'give_role' as const, icon: ShieldPlus },
          { kind: 'take_role' as const, icon: ShieldMinus },
        ]
      : []),
    ...(may('tokens', 'delete') ? [{ kind: 'log_out' as const, icon: LogOut }] : []),
    ...(may('users', 'update')
      ? [
          { kind: 'reactivate' as const, icon: UserCheck },
          { kind: 'deactivate' as const, icon: UserX },
        ]
      : []),
  ]
  return (
    <div className={classes.bar} role="toolbar" aria-label={text('bar')}>
      <span className={classes.count} role="status">
        {common('selected', { count: people.length })}
      </span>
      <Tooltip label={text('clear')}>
        <CloseButton size="sm" aria-label={text('clear')} onClick={onClear} />
      </Tooltip>
      <div className={classes.acts}>
        {offered.map(({ kind, icon: Icon }) => (
          <Button
            key={kind}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => setAsked(kind)}
            {...(kind === 'deactivate' && { c: 'var(--bad)' })}
          >
            {text(kind)}
          </Button>
        ))}
      </div>
      {asked !== undefined && (
        <BulkDialog
          kind={asked}
          people={people}
          onClose={isFinished => {
            setAsked(undefined)
            if (isFinished) onClear()
          }}
        />
      )}
    </div>
  )
}
