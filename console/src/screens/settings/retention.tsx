import type { Setting } from '@propusk/client'
import { defineMessages } from '../../i18n/index.ts'
import { CopyText, Fact, Facts, LinkAnchor, Section } from '../../ui/index.ts'
import { useTimeSpan } from './use-time-span.ts'

const useRetentionText = defineMessages('retention', {
  en: {
    title: 'Retention',
    lead: 'The server deletes older rows by itself.',
    audit: 'Audit',
    auditFor: 'Events are kept for {{time}}; older ones are then deleted, and a signed statement says so.',
    auditForever: 'Events are kept forever.',
    sessions: 'Sessions',
    sessionsFor: 'An ended session stays in the lists for {{time}}.',
    sessionsForever: 'Ended sessions stay in the lists forever.',
    origins: 'Addresses and devices',
    originsFor: 'Where a session was used can be seen for {{time}} after its end.',
    originsForever: 'Where a session was used can be seen forever.',
    open: 'open',
  },
  ru: {
    title: 'Сроки хранения',
    lead: 'Более старые записи сервер удаляет сам.',
    audit: 'Журнал',
    auditFor: 'События хранятся {{time}}; более старые затем удаляются, о чём остаётся подписанная запись.',
    auditForever: 'События хранятся бессрочно.',
    sessions: 'Сеансы',
    sessionsFor: 'Сеанс остаётся в списках {{time}} после завершения.',
    sessionsForever: 'Завершённые сеансы остаются в списках бессрочно.',
    origins: 'Адреса и устройства',
    originsFor: 'Откуда использовали сеанс, видно {{time}} после его завершения.',
    originsForever: 'Откуда использовали сеанс, видно бессрочно.',
    open: 'открыть',
  },
})

const kept = [
  { name: 'PROPUSK_KEEP_AUDIT', what: 'audit', to: '/console/audit' },
  { name: 'PROPUSK_KEEP_SESSIONS', what: 'sessions', to: '/console/sessions' },
  { name: 'PROPUSK_KEEP_ORIGINS', what: 'origins', to: undefined },
] as const

/** What is deleted by itself and when, in plain words; each with the setting that changes it. */
export function Retention({ settings }: { readonly settings: readonly Setting[] }) {
  const text = useRetentionText()
  const spanOf = useTimeSpan()
  return (
    <Section title={text('title')} lead={text('lead')}>
      <Facts>
        {kept.map(({ name, what, to }) => {
          const span = spanOf(settings.find(setting => setting.name === name)?.value ?? null)
          return (
            <Fact key={name} name={text(what)}>
              {span === undefined ? text(`${what}Forever`) : text(`${what}For`, { time: span })}{' '}
              {to !== undefined && (
                <LinkAnchor to={to} inherit underline="always" aria-label={`${text(what)}: ${text('open')}`}>
                  {text('open')}
                </LinkAnchor>
              )}{' '}
              <CopyText value={name} />
            </Fact>
          )
        })}
      </Facts>
    </Section>
  )
}
