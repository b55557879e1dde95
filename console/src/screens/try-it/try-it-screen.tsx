import type { User } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { useRef } from 'react'
import { EntrySelect, useWholeList } from '../../access/index.ts'
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
  // Each choice leads to the next that is still open.
  const resourceField = useRef<HTMLInputElement>(null)
  const actionField = useRef<HTMLInputElement>(null)

  return (
    <>
      <div className={classes.question}>
        <PersonPicker
          label={text('person')}
          chosen={chosen}
          autoFocus={id === undefined}
          onChoose={user => {
            set({ user: user === undefined ? undefined : String(user.id) })
            if (resource === undefined) resourceField.current?.focus()
          }}
        />
        <EntrySelect
          ref={resourceField}
          label={text('resource')}
          rows={resources.data}
          value={resource}
          onChange={value => {
            set({ resource: value })
            if (action === undefined) actionField.current?.focus()
          }}
        />
        <EntrySelect
          ref={actionField}
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
