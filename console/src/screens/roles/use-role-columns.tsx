import type { Role } from '@propusk/client'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/index.ts'
import { type Column, MiddleText } from '../../ui/index.ts'
import { useRolesText } from './messages.ts'
import { LevelBadge } from './role-level.tsx'
import classes from './roles.module.css'

/** Beside an open role only which it is: the rest stands in the detail. */
export function useRoleColumns(isNarrow: boolean): readonly Column<Role>[] {
  const text = useRolesText()
  const format = useFormat()
  return useMemo(() => {
    const role: Column<Role> = {
      id: 'role',
      header: text('role'),
      width: 'minmax(180px, 1fr)',
      ordering: 'name',
      cell: role => (
        <span className={classes.names}>
          <span className={classes.titled}>
            <span className={classes.name}>
              <MiddleText text={role.name} />
            </span>
            <LevelBadge role={role} />
          </span>
          {isNarrow && (
            <code className="dim">
              <MiddleText text={role.code_name} />
            </code>
          )}
        </span>
      ),
    }
    const permissions: Column<Role> = {
      id: 'permissions',
      header: text('permissions'),
      width: isNarrow ? '88px' : '110px',
      align: 'end',
      cell: ({ permissions }) => format.number(permissions.length),
    }
    if (isNarrow) return [role, permissions]
    return [
      role,
      {
        id: 'code_name',
        header: text('codeName'),
        width: 'minmax(120px, 0.7fr)',
        ordering: 'code_name',
        cell: ({ code_name }) => (
          <code>
            <MiddleText text={code_name} />
          </code>
        ),
      },
      permissions,
      {
        id: 'description',
        header: text('description'),
        width: 'minmax(200px, 2fr)',
        cell: ({ description }) => <span className="dim">{description}</span>,
      },
    ]
  }, [isNarrow, text, format])
}
