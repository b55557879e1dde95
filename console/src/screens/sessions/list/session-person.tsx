import { Badge } from '@mantine/core'
import type { Session } from '@propusk/client'
import { Person, usePerson } from '../../../ui/index.ts'
import { useSessionsText } from '../messages.ts'
import { useOwnSession } from '../use-own-session.ts'
import classes from './session-person.module.css'

/** Whose session it is: by name where it may be seen, by the account's id otherwise. Only rows in sight ask for one. */
export function SessionPerson({ session: { user_id, uuid } }: { readonly session: Session }) {
  const person = usePerson(user_id)
  const own = useOwnSession()
  return (
    <span className={classes.row}>
      {person === undefined ? <code className="dim">users/{user_id}</code> : <Person person={person} />}
      {uuid === own && <OwnBadge />}
    </span>
  )
}

/** On the session in which this page is read. */
export function OwnBadge() {
  const text = useSessionsText()
  return (
    <Badge flex="none" title={text('isYours')}>
      {text('yours')}
    </Badge>
  )
}
