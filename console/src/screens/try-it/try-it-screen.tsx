import { Select } from '@mantine/core'
import type { User } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { useEntryName, useWholeList } from '../../access/index.ts'
import { api, useMay } from '../../session/index.ts'
import { EmptyState, NoPermissionState, Page, PersonPicker } from '../../ui/index.ts'
import { Answer } from './answer.tsx'
import { useTryText } from './messages.ts'
import classes from './try-it.module.css'

/** May this person do that? The answer, its reasons, and what would turn it round. */
export function TryItScreen() {
  const text = useTryText()
  const may = useMay()
  if (!may('users', 'read')) return <NoPermissionState permission="users:read" />
  return (
    <Page title={text('title')} lead={text('lead')}>
      <Question />
    </Page>
  )
}

function Question() {
  const text = useTryText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/try' })
  const { user: id, resource, action } = useSearch({ from: '/console/try' })
  const person = useQuery({
    queryKey: ['users', 'one', Number(id)],
    enabled: id !== undefined,
    queryFn: ({ signal }) => api.call('readUser', { params: { id: Number(id) }, signal }),
  })
  const resources = useWholeList('resources', 'listResources', { isOn: may('resources', 'read') })
  const actions = useWholeList('actions', 'listActions', { isOn: may('actions', 'read') })
  const set = (change: { user?: string | undefined; resource?: string; action?: string }) =>
    void navigate({ search: old => ({ ...old, ...change }), replace: true })
  const chosen: User | undefined = id === undefined ? undefined : person.data

  return (
    <>
      <div className={classes.question}>
        <PersonPicker
          label={text('person')}
          chosen={chosen}
          onChoose={user => set({ user: user === undefined ? undefined : String(user.id) })}
        />
        <Named
          label={text('resource')}
          rows={resources.data}
          value={resource}
          onChange={value => set({ resource: value })}
        />
        <Named
          label={text('action')}
          rows={actions.data}
          value={action}
          onChange={value => set({ action: value })}
        />
      </div>
      {chosen === undefined || resource === undefined || action === undefined ? (
        <EmptyState icon={<FlaskConical />} title={text('pick')} />
      ) : (
        <Answer person={chosen} resource={resource} action={action} />
      )}
    </>
  )
}

interface NamedProps {
  readonly label: string
  readonly rows: readonly { readonly code_name: string; readonly name: string }[] | undefined
  readonly value: string | undefined
  onChange(value: string): void
}

function Named({ label, rows = [], value, onChange }: NamedProps) {
  const entryName = useEntryName()
  const known = rows.some(row => row.code_name === value)
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      value={value ?? null}
      onChange={chosen => chosen !== null && onChange(chosen)}
      data={[
        ...rows.map(row => ({ value: row.code_name, label: entryName(row) })),
        // Whoever may not read the list sees what the address says.
        ...(value === undefined || known ? [] : [{ value, label: value }]),
      ]}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.label} <code className="dim">{option.value}</code>
        </span>
      )}
    />
  )
}
