import { useUsersText } from './messages.ts'
import type { RoleOption } from './use-role-options.ts'

/** A role among those to choose from, with why it cannot be chosen where it cannot. */
export function RoleOptionLine({ label, notHeld }: Pick<RoleOption, 'label' | 'notHeld'>) {
  const text = useUsersText()
  return (
    <span>
      {label}
      {notHeld !== undefined && (
        <span style={{ display: 'block', fontSize: '0.75rem' }}>
          {text('roleNotHeld', { permission: notHeld })}
        </span>
      )}
    </span>
  )
}
