import type { Factor, User } from '@propusk/client'
import { useMay } from '../../../../session/index.ts'
import { Ago, ErrorState, Fact, Facts, LoadingRows, Section, Status } from '../../../../ui/index.ts'
import { useSecurityText } from './messages.ts'
import { RemoveFactors } from './remove-factors.tsx'
import { ResetPassword } from './reset-password.tsx'
import { useUserFactors } from './use-user-factors.ts'

/** What proves that it is the person: the address, the second factors; and the ways back when they are lost. */
export function UserSecurity({ user }: { readonly user: User }) {
  const text = useSecurityText()
  const may = useMay()
  return (
    <Section
      title={text('title')}
      actions={
        <>
          <ResetPassword user={user} />
          <RemoveFactors user={user} />
        </>
      }
    >
      <Facts>
        <Fact name={text('address')}>
          <Status tone={user.email_verified ? 'good' : 'warn'}>
            {text(user.email_verified ? 'proved' : 'notProved')}
          </Status>
          {!user.email_verified && <div className="dim">{text('notProvedHint')}</div>}
        </Fact>
        {may('factors', 'read') && <FactorFacts id={user.id} />}
      </Facts>
    </Section>
  )
}

function FactorFacts({ id }: { readonly id: number }) {
  const text = useSecurityText()
  const { data, error, refetch } = useUserFactors(id)
  if (data === undefined) {
    return (
      <Fact name={text('factors')}>
        {error === null ? (
          <LoadingRows count={1} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </Fact>
    )
  }
  return (
    <>
      <Fact name={text('factors')}>
        {data.factors.length === 0 && <span className="dim">{text('noFactors')}</span>}
        {data.factors.map(factor => (
          <FactorLine key={factor.id} factor={factor} />
        ))}
      </Fact>
      {data.factors.length > 0 && (
        <Fact name={text('codes')}>{text('codesLeft', { count: data.recovery_codes })}</Fact>
      )}
    </>
  )
}

function FactorLine({ factor: { kind, name, last_used_at } }: { readonly factor: Factor }) {
  const text = useSecurityText()
  return (
    <div>
      {name} · {text(kind)} ·{' '}
      <span className="dim">
        {last_used_at === null ? (
          text('neverUsed')
        ) : (
          <>
            {text('used')} <Ago at={last_used_at} />
          </>
        )}
      </span>
    </div>
  )
}
