import type { AccessExplained, User } from '@propusk/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ban, CircleCheck } from 'lucide-react'
import { useMayPreview } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { ErrorState, LoadingRows, nameOf, Permission, Section } from '../../ui/index.ts'
import { Alternatives } from './alternatives.tsx'
import { useTryText } from './messages.ts'
import classes from './try-it.module.css'
import { useRoleName } from './use-role-name.ts'

interface AnswerProps {
  readonly person: User
  readonly resource: string
  readonly action: string
}

export function Answer({ person, resource, action }: AnswerProps) {
  const text = useTryText()
  const mayPreview = useMayPreview()
  const question = { user_id: person.id, resource, action }
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['access', 'explain', question, mayPreview],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.call('explainAccess', {
        query: { ...question, ...(mayPreview && { alternatives: true }) },
        signal,
      }),
  })
  if (isPending) return <LoadingRows count={4} />
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />
  const { allowed, because, alternatives } = data
  const name = nameOf(person)
  return (
    <>
      <div className={classes.verdict} data-allowed={allowed} role="status">
        {allowed ? <CircleCheck size={28} aria-hidden /> : <Ban size={28} aria-hidden />}
        <div>
          <p className={classes.word}>{text(allowed ? 'allowed' : 'refused')}</p>
          <p className={classes.sentence}>
            {text(allowed ? 'sentenceAllowed' : 'sentenceRefused', { person: name })}{' '}
            <Permission name={`${resource}:${action}`} />{' '}
            <Link to="/console/users/$id" params={{ id: String(person.id) }} className={classes.link}>
              {text('openPerson')}
            </Link>
          </p>
        </div>
      </div>
      <Section title={text('why')}>
        <ul className={classes.reasons}>
          {because.map(reason => (
            <li key={JSON.stringify(reason)}>
              <Reason reason={reason} />
            </li>
          ))}
        </ul>
      </Section>
      {alternatives !== undefined && (
        <Alternatives
          person={person}
          permission={`${resource}:${action}`}
          isAllowed={allowed}
          isKnown={!because.some(reason => 'unknown' in reason)}
          alternatives={alternatives}
        />
      )}
    </>
  )
}

function Reason({ reason }: { readonly reason: AccessExplained['because'][number] }) {
  const text = useTryText()
  const roleName = useRoleName()
  if ('role' in reason) return text('byRole', { ...reason, role: roleName(reason.role) })
  if ('superuser' in reason) return text('superuser')
  if ('inactive' in reason) return text('inactive')
  if ('requires_aal' in reason)
    return text('requiresFactor', { ...reason.by, role: roleName(reason.by.role) })
  if ('unknown' in reason) return text(`unknown_${reason.unknown}`, { name: reason.name })
  return (
    <>
      {text('missing')} <Permission name={reason.missing} />
    </>
  )
}
