import type { Session } from '@propusk/client'
import { CopyText, Device, Fact, Facts, LinkAnchor, Person, Section, usePerson } from '../../../ui/index.ts'
import { useSessionsText } from '../messages.ts'
import { useOwnSession } from '../use-own-session.ts'
import classes from './session-story.module.css'

export function SessionFacts({ session }: { readonly session: Session }) {
  const text = useSessionsText()
  const person = usePerson(session.user_id)
  const own = useOwnSession()
  return (
    <Section title={text('facts')}>
      {session.uuid === own && <p className={classes.own}>{text('isYours')}</p>}
      <Facts>
        <Fact name={text('account')}>
          <LinkAnchor
            to="/console/users/$id"
            params={{ id: String(session.user_id) }}
            inherit
            c="inherit"
            underline="hover"
          >
            {person === undefined ? `users/${session.user_id}` : <Person person={person} size={24} />}
          </LinkAnchor>
        </Fact>
        <Fact name={text('device')}>
          <Device userAgent={session.user_agent} />
        </Fact>
        <Fact name={text('saysItIs')}>
          {session.user_agent === '' ? (
            <span className="dim">{text('saysNothing')}</span>
          ) : (
            <code className={classes.agent}>{session.user_agent}</code>
          )}
        </Fact>
        <Fact name={text('address')}>
          <CopyText value={session.ip_address} />
        </Fact>
        <Fact name={text('uuid')}>
          <CopyText value={session.uuid} />
        </Fact>
        <Fact name={text('id')}>
          <CopyText value={String(session.id)} />
        </Fact>
      </Facts>
    </Section>
  )
}
