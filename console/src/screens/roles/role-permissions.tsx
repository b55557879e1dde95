import { Button, SegmentedControl, TextInput } from '@mantine/core'
import type { Role } from '@propusk/client'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useGrantRefusal } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { Section, useCommonText } from '../../ui/index.ts'
import { PermissionGrid } from './permission-grid.tsx'
import { usePermissionText } from './permission-messages.ts'
import classes from './role-permissions.module.css'
import { SaveBar } from './save-bar.tsx'
import { useGridAxes } from './use-grid-axes.ts'
import { usePendingChanges } from './use-pending-changes.ts'

type Shown = 'own' | 'every'

/** Rows that one finds by looking; of more than these one is searched for. */
const rowsAtAGlance = 20

/** The permissions of a role as a grid that can be worked, with what the changes would do to whom before they are saved. */
export function RolePermissions({ role }: { readonly role: Role }) {
  const text = usePermissionText()
  const common = useCommonText()
  const may = useMay()
  const mayChange = may('roles', 'update')
  const pending = usePendingChanges(role)
  const reasonOf = useGrantRefusal()
  // A resource that the role was made for stands in the address.
  const { resource: first } = useSearch({ from: '/console/roles/$id' })
  const isOpened = mayChange && (role.permissions.length === 0 || first !== undefined)
  const [shown, setShown] = useState<Shown>(isOpened ? 'every' : 'own')
  const [search, setSearch] = useState(isOpened ? (first ?? '') : '')
  const { resources, actions, list } = useGridAxes(role, pending.flipped, shown, search)
  const isSearched = search !== '' || list.hasMore || list.rows.length > rowsAtAGlance

  return (
    <Section
      title={text('title')}
      {...(mayChange && { lead: text('lead') })}
      actions={mayChange && may('resources', 'read') && <ShownControl shown={shown} onChange={setShown} />}
    >
      {shown === 'every' && isSearched && (
        <TextInput
          className={classes.find}
          size="xs"
          type="search"
          aria-label={text('find')}
          placeholder={text('find')}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      )}
      {resources.length === 0 ? (
        <p className={classes.quiet}>{text(shown === 'own' ? 'none' : 'noMatch')}</p>
      ) : (
        <PermissionGrid
          resources={resources}
          actions={actions}
          pending={pending}
          reasonOf={reasonOf}
          isReading={!mayChange}
        />
      )}
      {shown === 'every' && list.hasMore && (
        <Button
          className={classes.more}
          size="xs"
          variant="default"
          onClick={list.more}
          loading={list.isLoadingMore}
        >
          {common('more')}
        </Button>
      )}
      <SaveBar role={role} pending={pending} />
    </Section>
  )
}

interface ShownControlProps {
  readonly shown: Shown
  onChange(shown: Shown): void
}

function ShownControl({ shown, onChange }: ShownControlProps) {
  const text = usePermissionText()
  return (
    <SegmentedControl
      size="xs"
      aria-label={text('shown')}
      value={shown}
      onChange={value => onChange(value as Shown)}
      data={[
        { value: 'own', label: text('own') },
        { value: 'every', label: text('every') },
      ]}
    />
  )
}
