import type { AuditEvent } from '@propusk/client'
import { isStranger, type SentenceContext, useActorWords } from '../../../audit/index.ts'
import { Ago, At, CopyText, Device, Fact, Facts, LinkAnchor, Section } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './event-story.module.css'
import { TargetLink } from './target-link.tsx'

interface EventFactsProps {
  readonly event: AuditEvent
  readonly nameOf: NonNullable<SentenceContext['nameOf']>
}

export function EventFacts({ event, nameOf }: EventFactsProps) {
  const text = useAuditText()
  const actorWords = useActorWords()
  const { actor, target, ip_address, user_agent } = event
  return (
    <Section title={text('facts')}>
      <Facts>
        <Fact name={text('time')}>
          <At at={event.at} exact />{' '}
          <span className="dim">
            <Ago at={event.at} />
          </span>
        </Fact>
        <Fact name={text('actor')}>
          {actor === null ? (
            <span className="dim">{isStranger(event) ? actorWords(event, nameOf) : text('serverHint')}</span>
          ) : (
            <LinkAnchor to="/console/users/$id" params={{ id: String(actor.id) }} inherit>
              {actor.email}
            </LinkAnchor>
          )}
        </Fact>
        {target !== null && (
          <Fact name={text('target')}>
            <TargetLink target={target} name={nameOf(target)} />
          </Fact>
        )}
        {ip_address !== null && (
          <Fact name={text('address')}>
            <CopyText value={ip_address} />
          </Fact>
        )}
        {user_agent !== null && user_agent !== '' && (
          <>
            <Fact name={text('device')}>
              <Device userAgent={user_agent} />
            </Fact>
            <Fact name={text('saysItIs')}>
              <code className={classes.agent}>{user_agent}</code>
            </Fact>
          </>
        )}
      </Facts>
    </Section>
  )
}
