import type { Session } from '@propusk/client'
import { Person, usePerson } from '../../../ui/index.ts'

/** Whose session it is: by name where it may be seen, by the account's id otherwise. Only rows in sight ask for one. */
export function SessionPerson({ session: { user_id } }: { readonly session: Session }) {
  const person = usePerson(user_id)
  return person === undefined ? <code className="dim">users/{user_id}</code> : <Person person={person} />
}
