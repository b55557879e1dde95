import { TextInput } from '@mantine/core'
import type { EffectivePermission, User } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { Info } from 'lucide-react'
import { useState } from 'react'
import { grantedQuery } from '../../../access/index.ts'
import { ErrorState, LoadingRows, Section } from '../../../ui/index.ts'
import { AskAnother } from './ask-another.tsx'
import classes from './effective-permissions.module.css'
import { useUserText } from './messages.ts'
import { ResourcePermissions } from './resource-permissions.tsx'
import { ViewAs } from './view-as.tsx'

/** A list that is longer is searched rather than read. */
const mostAtAGlance = 12

/** Everything that somebody may do, resource by resource, each with the roles that say so. */
export function EffectivePermissions({ user }: { readonly user: User }) {
  const text = useUserText()
  const { data, error, isPending, refetch } = useQuery(grantedQuery(user.id))
  return (
    <Section title={text('effective')} lead={text('effectiveLead')} actions={<ViewAs user={user} />}>
      {user.is_superuser && <Note>{text('superuserNote')}</Note>}
      {!user.is_active && <Note>{text('inactiveNote')}</Note>}
      {isPending && <LoadingRows count={3} />}
      {error !== null && data === undefined && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Permissions userId={user.id} permissions={data.permissions} />}
      <AskAnother userId={user.id} />
    </Section>
  )
}

const Note = ({ children }: { readonly children: string }) => (
  <p className={classes.note}>
    <Info size={15} aria-hidden />
    {children}
  </p>
)

interface PermissionsProps {
  readonly userId: number
  readonly permissions: readonly EffectivePermission[]
}

function Permissions({ userId, permissions }: PermissionsProps) {
  const text = useUserText()
  const [typed, setTyped] = useState('')
  const words = typed.trim().toLowerCase()
  const shown = permissions.filter(permission => matches(permission, words))
  const resources = Map.groupBy(shown, ({ resource }) => resource)
  if (permissions.length === 0) return <p className="dim">{text('noPermissions')}</p>
  return (
    <>
      {permissions.length > mostAtAGlance && (
        <TextInput
          type="search"
          size="xs"
          mb={8}
          maw={280}
          aria-label={text('filterPermissions')}
          placeholder={text('filterPermissions')}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
      )}
      <p className="dim" role="status">
        {words !== '' && text('found', { count: shown.length })}
      </p>
      <dl className={classes.resources}>
        {[...resources].map(([resource, allowed]) => (
          <ResourcePermissions key={resource} userId={userId} resource={resource} permissions={allowed} />
        ))}
      </dl>
    </>
  )
}

/** By the name of the permission, or of a role that gives it. */
const matches = ({ resource, action, because }: EffectivePermission, words: string): boolean =>
  `${resource}:${action}`.includes(words) || because.some(({ role }) => role.includes(words))
