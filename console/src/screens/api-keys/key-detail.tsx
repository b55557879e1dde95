import { Button, Stack } from '@mantine/core'
import { type ApiKey, ProblemError, type User } from '@propusk/client'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Info, KeyRound } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { useFormat } from '../../i18n/index.ts'
import { api, isKept, useMay, useProfile, type WithVersion } from '../../session/index.ts'
import {
  At,
  CopyText,
  confirm,
  Detail,
  ErrorState,
  Fact,
  Facts,
  LinkAnchor,
  LoadingRows,
  NotFoundState,
  nameOf,
  notifyDone,
  Permission,
  Person,
  Section,
  useCommonText,
  useDocumentTitle,
  useNow,
} from '../../ui/index.ts'
import { History } from '../catalogue/history.tsx'
import classes from './api-keys.module.css'
import { EditKey } from './edit-key.tsx'
import { End, isExpired, KeyState, LastUse } from './key-columns.tsx'
import { useApiKeysText } from './messages.ts'
import { RotateButton } from './rotate-key.tsx'
import { useKey, useOwner } from './use-key.ts'

/** A key at the right of the list, or why there is none. */
export function KeyDetail() {
  const text = useApiKeysText()
  const { id } = useParams({ from: '/console/api-keys/$id' })
  const navigate = useNavigate()
  const { data, error, refetch } = useKey(Number(id))
  const back = () => void navigate({ to: '/console/api-keys', search: true }).then(focusList)
  if (error instanceof ProblemError && error.code === 'not_found')
    return (
      <Detail title={text('key')} onBack={back}>
        <NotFoundState title={text('gone')} />
      </Detail>
    )
  if (data !== undefined) return <KeyStory key={data.id} apiKey={data} onBack={back} />
  return (
    <Detail title={text('key')} onBack={back}>
      {error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Detail>
  )
}

/** Whoever closes a key goes on from the row where they came from. */
const focusList = () => document.querySelector<HTMLElement>('[role=grid] [role=row][tabindex="0"]')?.focus()

interface StoryProps {
  readonly apiKey: WithVersion<ApiKey>
  onBack(): void
}

function KeyStory({ apiKey, onBack }: StoryProps) {
  const text = useApiKeysText()
  const may = useMay()
  const viewer = useProfile()
  const noteId = useId()
  const nowMs = useNow()
  const person = useOwner(apiKey.owner_id)
  const isOwnerActive = person?.is_active ?? true
  const isOwner = apiKey.owner_id === viewer.id
  const known = isOwner ? viewer : person
  const owner = known === undefined ? `users/${apiKey.owner_id}` : nameOf(known)
  useDocumentTitle(apiKey.name)
  return (
    <Detail
      title={apiKey.name}
      media={<KeyRound size={26} aria-hidden className={classes.icon} />}
      state={<KeyState apiKey={apiKey} isOwnerActive={isOwnerActive} />}
      names={
        <>
          <CopyText value={apiKey.prefix} />
          <CopyText value={String(apiKey.id)} shown={`#${apiKey.id}`} />
        </>
      }
      actions={<KeyActions apiKey={apiKey} owner={owner} noRotationId={isOwner ? undefined : noteId} />}
      onBack={onBack}
    >
      <Section title={text('facts')}>
        {isExpired(apiKey, nowMs) && <Note>{text('expiredNote')}</Note>}
        {!isOwnerActive && <Note>{text('suspendedNote')}</Note>}
        {!isOwner && may('api_keys', 'update') && (
          <Note id={noteId}>{text('rotateOwnerOnly', { owner })}</Note>
        )}
        <KeyFacts apiKey={apiKey} person={person} owner={owner} />
      </Section>
      <Section title={text('grants')}>
        <KeyGrants apiKey={apiKey} />
      </Section>
      <History target={`api_keys/${apiKey.id}`} />
    </Detail>
  )
}

const Note = ({ id, children }: { readonly id?: string; readonly children: ReactNode }) => (
  <p id={id} className={classes.note}>
    <Info size={15} aria-hidden />
    {children}
  </p>
)

interface KeyFactsProps {
  readonly apiKey: ApiKey
  readonly person: User | undefined
  readonly owner: string
}

function KeyFacts({ apiKey, person, owner }: KeyFactsProps) {
  const text = useApiKeysText()
  const nowMs = useNow()
  const toOwner = { to: '/console/users/$id', params: { id: String(apiKey.owner_id) } } as const
  return (
    <Facts>
      <Fact name={text('owner')}>
        <LinkAnchor {...toOwner} inherit c="inherit" underline="hover">
          {person === undefined ? owner : <Person person={person} size={24} />}
        </LinkAnchor>
      </Fact>
      <Fact name={text('lastUse')}>
        <LastUse apiKey={apiKey} />
      </Fact>
      <Fact name={text('expires')}>
        <End apiKey={apiKey} />
        {isExpired(apiKey, nowMs) && (
          <span className="dim">
            {' '}
            <At at={apiKey.expires_at!} />
          </span>
        )}
      </Fact>
      <Fact name={text('created')}>
        <At at={apiKey.created_at} />
      </Fact>
      <Fact name={text('prefix')}>
        <CopyText value={apiKey.prefix} />
      </Fact>
    </Facts>
  )
}

function KeyGrants({ apiKey: { roles, permissions } }: { readonly apiKey: ApiKey }) {
  const text = useApiKeysText()
  if (roles.length + permissions.length === 0) return <p className={classes.note}>{text('noGrants')}</p>
  return (
    <Facts>
      {roles.length > 0 && (
        <Fact name={text('roles')}>
          <span className={classes.chips}>
            {roles.map(role => (
              <code key={role} className={classes.chip}>
                {role}
              </code>
            ))}
          </span>
        </Fact>
      )}
      {permissions.length > 0 && (
        <Fact name={text('permissions')}>
          <span className={classes.chips}>
            {permissions.map(permission => (
              <Permission key={permission} name={permission} />
            ))}
          </span>
        </Fact>
      )}
    </Facts>
  )
}

interface KeyActionsProps {
  readonly apiKey: WithVersion<ApiKey>
  readonly owner: string
  /** The id of the sentence that says why this person cannot rotate it; undefined for its owner. */
  readonly noRotationId: string | undefined
}

function KeyActions({ apiKey, owner, noRotationId }: KeyActionsProps) {
  const common = useCommonText()
  const may = useMay()
  const [isEditing, setEditing] = useState(() => isKept('edit-key'))
  const askToDelete = useDeleteKey()
  return (
    <>
      {may('api_keys', 'update') && (
        <>
          <RotateButton apiKey={apiKey} reasonId={noRotationId} />
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            {common('edit')}
          </Button>
        </>
      )}
      {may('api_keys', 'delete') && (
        <Button variant="default" size="xs" c="var(--bad)" onClick={() => askToDelete(apiKey, owner)}>
          {common('delete')}
        </Button>
      )}
      {isEditing && <EditKey apiKey={apiKey} onClose={() => setEditing(false)} />}
    </>
  )
}

/** Asks before a key is deleted, and says in whose name it was used last. */
function useDeleteKey(): (apiKey: WithVersion<ApiKey>, owner: string) => void {
  const text = useApiKeysText()
  const format = useFormat()
  const navigate = useNavigate()
  const refresh = useRefresh()
  return ({ id, name, last_used_at, etag }, owner) => {
    const lastUse =
      last_used_at === null
        ? text('usedByNobody', { owner })
        : text('usedBy', {
            owner,
            when: format.relative(last_used_at, Date.now()),
            at: format.dateTime(last_used_at),
          })
    confirm({
      title: text('deleteTitle', { name }),
      body: (
        <Stack gap="sm">
          <strong>{lastUse}</strong>
          <span>{text('deleteMeans')}</span>
        </Stack>
      ),
      verb: text('delete'),
      async act() {
        await api.call('deleteApiKey', { params: { id }, ifMatch: etag }).catch(error => {
          void refresh('api_keys')
          throw error
        })
        await navigate({ to: '/console/api-keys', search: true })
        void refresh('api_keys', 'audit')
        notifyDone(text('deleted', { name }))
      },
    })
  }
}
