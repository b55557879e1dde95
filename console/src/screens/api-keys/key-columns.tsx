import type { ApiKey } from '@propusk/client'
import { useMemo } from 'react'
import { Ago, At, type Column, Person, Status, useNow, usePerson } from '../../ui/index.ts'
import classes from './api-keys.module.css'
import { useApiKeysText } from './messages.ts'

interface KeyProps {
  readonly apiKey: ApiKey
}

/** Grants that a row of the list names; the detail has them all. */
const grantsAtAGlance = 2

/** An end that is nearer stands out: a program that nobody gives a new key will fail. */
const soonMs = 14 * 86_400_000

/** Beside an open key, and on a phone: which key, and its last use or that it has expired; the rest is in the detail. */
export function useKeyColumns(isNarrow: boolean): readonly Column<ApiKey>[] {
  const text = useApiKeysText()
  return useMemo(() => {
    const key: Column<ApiKey> = {
      id: 'key',
      header: text('key'),
      width: 'minmax(160px, 1.5fr)',
      ordering: 'name',
      cell: ({ name, prefix }) => (
        <span className={classes.names}>
          <span className={classes.name}>{name}</span>
          <code className="dim">{prefix}</code>
        </span>
      ),
    }
    if (isNarrow) {
      const lastUse = { id: 'last_used_at', header: text('lastUse'), width: 'minmax(120px, 0.8fr)' }
      return [key, { ...lastUse, cell: apiKey => <ShortState apiKey={apiKey} /> }]
    }
    return [
      key,
      {
        id: 'owner',
        header: text('owner'),
        width: 'minmax(180px, 1.3fr)',
        cell: ({ owner_id }) => <Owner id={owner_id} />,
      },
      {
        id: 'grants',
        header: text('grants'),
        width: 'minmax(180px, 1.6fr)',
        cell: apiKey => <Grants apiKey={apiKey} />,
      },
      {
        id: 'created_at',
        header: text('created'),
        width: '120px',
        ordering: 'created_at',
        cell: ({ created_at }) => <Ago at={created_at} />,
      },
      {
        id: 'last_used_at',
        header: text('lastUse'),
        width: '140px',
        cell: apiKey => <LastUse apiKey={apiKey} />,
      },
      { id: 'expires_at', header: text('expires'), width: '180px', cell: apiKey => <End apiKey={apiKey} /> },
    ]
  }, [isNarrow, text])
}

/** By name where it may be seen, by the account's id otherwise. */
function Owner({ id }: { readonly id: number }) {
  const person = usePerson(id)
  return person === undefined ? <code className="dim">users/{id}</code> : <Person person={person} />
}

function Grants({ apiKey: { roles, permissions } }: KeyProps) {
  const grants = [...roles, ...permissions]
  const rest = grants.length - grantsAtAGlance
  return (
    <span className={classes.grants} title={grants.join(', ')}>
      {grants.slice(0, grantsAtAGlance).map(name => (
        <code key={name} className={classes.chip}>
          {name}
        </code>
      ))}
      {rest > 0 && <span className="dim">+{rest}</span>}
    </span>
  )
}

export const isExpired = ({ expires_at }: ApiKey, nowMs: number): boolean =>
  expires_at !== null && Date.parse(expires_at) <= nowMs

/** Also says that it was never used. */
export function LastUse({ apiKey: { last_used_at } }: KeyProps) {
  const text = useApiKeysText()
  return last_used_at === null ? <Status tone="quiet">{text('neverUsed')}</Status> : <Ago at={last_used_at} />
}

/** The end of a key; one that has come, or comes soon, in colour. */
export function End({ apiKey }: KeyProps) {
  const text = useApiKeysText()
  const nowMs = useNow()
  const { expires_at } = apiKey
  if (expires_at === null) return <span className="dim">{text('never')}</span>
  if (isExpired(apiKey, nowMs)) return <Status tone="bad">{text('expired')}</Status>
  if (Date.parse(expires_at) - nowMs >= soonMs) return <At at={expires_at} />
  return (
    <Status tone="warn">
      <Ago at={expires_at} />
    </Status>
  )
}

function ShortState({ apiKey }: KeyProps) {
  const text = useApiKeysText()
  return isExpired(apiKey, useNow()) ? (
    <Status tone="bad">{text('expired')}</Status>
  ) : (
    <LastUse apiKey={apiKey} />
  )
}

/** Whether the key works now, in a word. An owner who may not be seen counts as active. */
export function KeyState({ apiKey, isOwnerActive }: KeyProps & { readonly isOwnerActive: boolean }) {
  const text = useApiKeysText()
  if (isExpired(apiKey, useNow())) return <Status tone="bad">{text('expired')}</Status>
  if (!isOwnerActive) return <Status tone="bad">{text('suspended')}</Status>
  return <Status tone="good">{text('active')}</Status>
}
