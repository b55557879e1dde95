import { Button } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useEntryName } from '../../access/index.ts'
import { isKept, useMay, type WithVersion } from '../../session/index.ts'
import {
  CopyText,
  Detail,
  ErrorState,
  Fact,
  Facts,
  LoadingRows,
  NotFoundState,
  Section,
  useCommonText,
  useDocumentTitle,
} from '../../ui/index.ts'
import { BuiltInBadge } from './built-in-badge.tsx'
import classes from './catalogue.module.css'
import { EditEntry } from './edit-entry.tsx'
import type { Entry, EntryKind } from './entry-kind.ts'
import { EntryUsage } from './entry-usage.tsx'
import { History } from './history.tsx'
import { useCatalogueText } from './messages.ts'
import { useDeleteEntry } from './use-delete-entry.tsx'
import { WhoCan } from './who-can.tsx'

interface EntryProps {
  readonly kind: EntryKind
  readonly entry: WithVersion<Entry>
}

/** A resource or an action: what it is, which roles use it, and who can. */
export function EntryDetail({ kind }: { readonly kind: EntryKind }) {
  const text = kind.useText()
  const navigate = useNavigate()
  const { id } = useParams({ from: kind.toOne })
  const {
    data: entry,
    error,
    refetch,
  } = useQuery({
    queryKey: [kind.resource, 'read', Number(id)],
    queryFn: ({ signal }) => kind.read(Number(id), signal),
  })
  if (error instanceof ProblemError && error.code === 'not_found')
    return (
      <Detail title={text('title')} onBack={() => void navigate({ to: kind.to, search: true })}>
        <NotFoundState title={text('gone')} />
      </Detail>
    )
  if (entry === undefined) {
    return error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />
  }
  return <LoadedEntry key={entry.id} kind={kind} entry={entry} />
}

function LoadedEntry({ kind, entry }: EntryProps) {
  const name = useEntryName()(entry)
  useDocumentTitle(name)
  const navigate = useNavigate()
  const may = useMay()
  return (
    <Detail
      title={name}
      {...(kind.builtIns.includes(entry.code_name) && { state: <BuiltInBadge /> })}
      names={<CopyText value={entry.code_name} />}
      actions={<EntryActions kind={kind} entry={entry} />}
      onBack={() => void navigate({ to: kind.to, search: ({ with: _, ...old }) => old })}
    >
      {entry.description !== null && <p className={classes.lead}>{entry.description}</p>}
      <EntryFacts kind={kind} entry={entry} />
      {may('roles', 'read') && <EntryUsage kind={kind} entry={entry} />}
      {may('users', 'read') && may(kind.otherResource, 'read') && <WhoCan kind={kind} entry={entry} />}
      <History target={`${kind.resource}/${entry.id}`} />
    </Detail>
  )
}

function EntryFacts({ kind, entry }: EntryProps) {
  const text = kind.useText()
  const catalogue = useCatalogueText()
  const isBuiltIn = kind.builtIns.includes(entry.code_name)
  return (
    <Section title={catalogue('facts')}>
      <Facts>
        <Fact name={catalogue('codeName')}>
          <CopyText value={entry.code_name} />
        </Fact>
        <Fact name={catalogue('id')}>{entry.id}</Fact>
        <Fact name={catalogue('origin')}>
          {isBuiltIn ? `${catalogue('builtIn')}. ${text('builtInHint')}` : catalogue('own')}
        </Fact>
      </Facts>
    </Section>
  )
}

function EntryActions({ kind, entry }: EntryProps) {
  const common = useCommonText()
  const may = useMay()
  const askToDelete = useDeleteEntry(kind)
  const [isEditing, setEditing] = useState(() => isKept('named'))
  return (
    <>
      {may(kind.resource, 'update') && (
        <Button variant="default" size="xs" onClick={() => setEditing(true)}>
          {common('edit')}
        </Button>
      )}
      {may(kind.resource, 'delete') && !kind.builtIns.includes(entry.code_name) && (
        <Button variant="default" size="xs" c="var(--bad)" onClick={() => askToDelete(entry)}>
          {common('delete')}
        </Button>
      )}
      {isEditing && <EditEntry kind={kind} entry={entry} onClose={() => setEditing(false)} />}
    </>
  )
}
