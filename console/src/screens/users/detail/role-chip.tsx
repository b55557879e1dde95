import { UnstyledButton } from '@mantine/core'
import { Undo2, X } from 'lucide-react'
import { useUserText } from './messages.ts'
import classes from './user-roles.module.css'

interface RoleChipProps {
  readonly role: string
  /** What will become of it on saving. */
  readonly plan?: 'give' | 'take'
  /** Plans to take it, or gives the plan up. */
  onToggle?(): void
}

export function RoleChip({ role, plan, onToggle }: RoleChipProps) {
  const text = useUserText()
  const label = plan === undefined ? text('takeRole', { role }) : text('keepRole', { role })
  return (
    <span className={classes.chip} data-plan={plan}>
      {plan === 'give' && '+ '}
      {plan === 'take' && '− '}
      <span className={classes.name}>{role}</span>
      {onToggle !== undefined && (
        <UnstyledButton className={classes.remove} aria-label={label} title={label} onClick={onToggle}>
          {plan === 'take' ? <Undo2 size={12} aria-hidden /> : <X size={12} aria-hidden />}
        </UnstyledButton>
      )}
    </span>
  )
}
