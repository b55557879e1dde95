import { ActionIcon, Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

interface GatedButtonProps extends ButtonProps {
  /** Why it cannot be pressed; undefined where it can. */
  readonly reason: string | undefined
  readonly 'aria-label'?: string
  onClick(): void
}

/** A button that says why it cannot be pressed, to the pointer and to the keyboard: so it keeps its place in the order of Tab. */
export function GatedButton({ reason, onClick, c, ...rest }: GatedButtonProps) {
  if (reason === undefined) return <Button {...rest} {...(c !== undefined && { c })} onClick={onClick} />
  return (
    <Tooltip label={reason} maw={320} events={{ hover: true, focus: true, touch: true }}>
      <Button {...rest} data-disabled aria-disabled aria-description={reason} />
    </Tooltip>
  )
}

interface GatedIconProps {
  readonly reason: string | undefined
  readonly label: string
  /** The icon. */
  readonly children: ReactNode
  onClick(): void
}

/** The same as an icon, whose tip says what it does, or why it cannot. */
export function GatedIcon({ reason, label, children, onClick }: GatedIconProps) {
  const gate =
    reason === undefined
      ? { onClick }
      : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': reason }
  return (
    <Tooltip label={reason ?? label} maw={320} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} {...gate}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
