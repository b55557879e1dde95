import type { AuditEvent } from '@propusk/client'
import { useActionName } from '../../../audit/index.ts'
import { LinkAnchor, Section } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './event-story.module.css'

/** The lists that this event stands in. */
export function MoreOfTheSame({ event: { actor, action, target } }: { readonly event: AuditEvent }) {
  const text = useAuditText()
  const actionName = useActionName()
  const lists = [
    ...(actor === null
      ? []
      : [{ words: text('sameActor', { actor: actor.email }), search: { actor: String(actor.id) } }]),
    ...(target === null ? [] : [{ words: text('sameTarget', { target }), search: { target } }]),
    { words: text('sameAction', { action: actionName(action) }), search: { action } },
  ]
  return (
    <Section title={text('around')}>
      <ul className={classes.lists}>
        {lists.map(({ words, search }) => (
          <li key={words}>
            <LinkAnchor to="/console/audit" search={search} inherit>
              {words}
            </LinkAnchor>
          </li>
        ))}
      </ul>
    </Section>
  )
}
