import type { AuditEvent } from '@propusk/client'
import { Fact, Facts } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './event-story.module.css'

/** What the event carries, by the names of the API: what changed as before and after, lists as lists. */
export function EventDetails({ details }: Pick<AuditEvent, 'details'>) {
  const text = useAuditText()
  const entries = Object.entries(details)
  if (entries.length === 0) return <p className={classes.quiet}>{text('noDetails')}</p>
  return (
    <Facts>
      {entries.map(([name, value]) => (
        <Fact key={name} name={name}>
          {isChange(value) ? (
            <span className={classes.change}>
              <del>
                <Value value={value.from} />
              </del>
              <span aria-hidden>→</span>
              <ins>
                <Value value={value.to} />
              </ins>
            </span>
          ) : (
            <Value value={value} />
          )}
        </Fact>
      ))}
    </Facts>
  )
}

const isChange = (value: unknown): value is { readonly from: unknown; readonly to: unknown } =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value

function Value({ value }: { readonly value: unknown }) {
  const text = useAuditText()
  if (value === null || typeof value === 'boolean') return text(`${value}`)
  if (Array.isArray(value)) return value.length === 0 ? text('null') : value.map(String).join(', ')
  if (typeof value === 'object') return <code>{JSON.stringify(value)}</code>
  return String(value)
}
