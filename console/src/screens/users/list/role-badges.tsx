import { Badge, Group } from '@mantine/core'
import type { User } from '@propusk/client'
import { useCommonText } from '../../../ui/index.ts'
import classes from './role-badges.module.css'

/** More than these do not fit in a row; the person's page has them all. */
const mostShown = 3

export function RoleBadges({ user }: { readonly user: Pick<User, 'is_superuser' | 'roles'> }) {
  const shown = user.roles.slice(0, mostShown)
  const rest = user.roles.length - shown.length
  return (
    <Group gap={4} wrap="nowrap">
      {user.is_superuser && <SuperuserBadge />}
      {shown.map(role => (
        <Badge key={role} className={classes.role}>
          {role}
        </Badge>
      ))}
      {rest > 0 && <span className="dim">+{rest}</span>}
    </Group>
  )
}

/** The one badge with a colour: whoever wears it may do everything. */
export function SuperuserBadge() {
  const common = useCommonText()
  return (
    <Badge c="var(--warn)" bg="var(--warn-wash)" flex="none">
      {common('superuser')}
    </Badge>
  )
}

export function StaffBadge() {
  const common = useCommonText()
  return (
    <Badge className={classes.role} flex="none">
      {common('staff')}
    </Badge>
  )
}
