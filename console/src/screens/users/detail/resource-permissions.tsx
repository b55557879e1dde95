import { Tooltip } from '@mantine/core'
import type { EffectivePermission } from '@propusk/client'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../../i18n/index.ts'
import classes from './effective-permissions.module.css'
import { useUserText } from './messages.ts'

interface ResourcePermissionsProps {
  readonly userId: number
  readonly resource: string
  readonly permissions: readonly EffectivePermission[]
}

/** What is allowed on one resource; actions that the same roles give stand together, with those roles. */
export function ResourcePermissions({ userId, resource, permissions }: ResourcePermissionsProps) {
  const text = useUserText()
  const format = useFormat()
  const groups = Map.groupBy(permissions, ({ because, requires_aal: level = '' }) =>
    JSON.stringify([[...new Set(because.map(({ role }) => role))].sort(), level]),
  )
  return (
    <div className={classes.resource}>
      <dt>
        <code>{resource}</code>
      </dt>
      <dd>
        {[...groups].map(([key, allowed]) => {
          const [roles, level] = JSON.parse(key) as [string[], string]
          return (
            <div key={key} className={classes.line}>
              <span className={classes.actions}>
                {allowed.map(permission => (
                  <Action key={permission.action} userId={userId} permission={permission} />
                ))}
              </span>
              <span className={classes.via}>
                {text('via', { count: roles.length, roles: format.list(roles) })}
                {level !== '' && ` · ${text('needsFactor')}`}
              </span>
            </div>
          )
        })}
      </dd>
    </div>
  )
}

interface ActionProps {
  readonly userId: number
  readonly permission: EffectivePermission
}

/** Leads to the page that tries it out; names the exact permissions of the roles under the pointer. */
function Action({ userId, permission: { resource, action, because } }: ActionProps) {
  const text = useUserText()
  const reasons = because.map(({ role, permission }) => `${role} → ${permission}`).join('\n')
  return (
    <Tooltip label={`${reasons}\n${text('tryIt')}`} className={classes.grounds}>
      <Link
        to="/console/try"
        search={{ user: String(userId), resource, action }}
        className={classes.action}
        preload={false}
        aria-label={text('tryAction', { permission: `${resource}:${action}` })}
      >
        <code>{action}</code>
      </Link>
    </Tooltip>
  )
}
