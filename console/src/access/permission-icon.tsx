import { Check, Minus, Plus } from 'lucide-react'
import classes from './permission-icon.module.css'

const icons = {
  held: <Check size={13} strokeWidth={3} aria-hidden />,
  covered: <Check size={13} strokeWidth={2} aria-hidden />,
  added: <Plus size={13} strokeWidth={3} aria-hidden />,
  taken: <Minus size={13} strokeWidth={3} aria-hidden />,
  empty: null,
} as const

interface PermissionIconProps {
  readonly isHeld: boolean
  /** As it will be once the changes are saved. */
  readonly isWanted: boolean
  /** Whether another permission gives this one as well. */
  readonly isCovered: boolean
  /** Whether it can be changed here. */
  readonly canChange: boolean
}

/** Whether a role has a permission, will have it, or has it by another one: the same mark in every grid. */
export function PermissionIcon({ isHeld, isWanted, isCovered, canChange }: PermissionIconProps) {
  const look = lookOf(isHeld, isWanted, isCovered)
  return (
    <span className={classes.mark} data-look={look} data-fixed={!canChange || undefined}>
      {icons[look]}
    </span>
  )
}

function lookOf(isHeld: boolean, isWanted: boolean, isCovered: boolean): keyof typeof icons {
  if (isHeld !== isWanted) return isWanted ? 'added' : 'taken'
  if (isHeld) return 'held'
  return isCovered ? 'covered' : 'empty'
}
