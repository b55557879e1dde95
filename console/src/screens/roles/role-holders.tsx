import { Button } from '@mantine/core'
import type { RoleRead } from '@propusk/client'
import { UserMinus, Users } from 'lucide-react'
import { useMay } from '../../session/index.ts'
import {
  EmptyState,
  ErrorState,
  GatedIcon,
  LinkAnchor,
  LinkButton,
  LoadingRows,
  nameOf,
  Person,
  Section,
  Status,
  useCommonText,
  useList,
} from '../../ui/index.ts'
import { HolderButtons } from './change-holders.tsx'
import { useHolderText } from './holder-messages.ts'
import classes from './role-holders.module.css'
import { useHolderReason } from './use-holder-reason.ts'
import { useTakeRole } from './use-take-role.tsx'

/** Everybody who holds a role; given and taken here, each time with what it means for the person. */
export function RoleHolders({ role }: { readonly role: RoleRead }) {
  const may = useMay()
  return may('users', 'read') ? <Holders role={role} /> : null
}

function Holders({ role }: { readonly role: RoleRead }) {
  const text = useHolderText()
  const common = useCommonText()
  const may = useMay()
  const mayChange = may('users', 'update')
  const filters = { role: role.code_name, ordering: 'email' }
  const list = useList('users', 'listUsers', filters, { counts: true })
  const askToTake = useTakeRole(role)
  const reasonOf = useHolderReason()
  // A server of an older release does not count.
  const { rows: count, is_exact: isExact } = list.count ?? {
    rows: list.rows.length,
    is_exact: !list.hasMore,
  }

  return (
    <Section
      title={text('title')}
      {...(count > 0 && { lead: text(isExact ? 'count' : 'countMore', { count }) })}
      actions={
        <>
          {count > 0 && (
            <LinkButton to="/console/users" search={{ role: role.code_name }} variant="default" size="xs">
              {text('openList')}
            </LinkButton>
          )}
          {mayChange && <HolderButtons role={role} hasHolders={list.isLoading || count > 0} />}
        </>
      }
    >
      {list.isLoading && <LoadingRows count={3} />}
      {list.error !== undefined && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.isLoading && list.error === undefined && count === 0 && (
        <EmptyState icon={<Users />} title={text('none')}>
          {mayChange && text('noneHint')}
        </EmptyState>
      )}
      <ul className={classes.holders}>
        {list.rows.map(user => (
          <li key={user.id} className={classes.holder}>
            <LinkAnchor to="/console/users/$id" params={{ id: String(user.id) }} className={classes.person!}>
              <Person person={user} size={26} />
            </LinkAnchor>
            {!user.is_active && <Status tone="quiet">{common('deactivated')}</Status>}
            {mayChange && (
              <GatedIcon
                reason={role.refusals?.assign ?? reasonOf(user)}
                label={text('takeFrom', { role: role.name, person: nameOf(user) })}
                onClick={() => askToTake(user)}
              >
                <UserMinus size={15} aria-hidden />
              </GatedIcon>
            )}
          </li>
        ))}
      </ul>
      {list.hasMore && (
        <Button variant="default" size="xs" mt={8} onClick={list.more} loading={list.isLoadingMore}>
          {common('more')}
        </Button>
      )}
    </Section>
  )
}
