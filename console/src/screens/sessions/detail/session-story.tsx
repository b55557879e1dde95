import type { Session } from '@propusk/client'
import { Monitor } from 'lucide-react'
import {
  Avatar,
  CopyText,
  Detail,
  describeDevice,
  LinkAnchor,
  nameOf,
  useCommonText,
  useDocumentTitle,
  usePerson,
} from '../../../ui/index.ts'
import { History } from '../../catalogue/history.tsx'
import { SessionState } from '../list/session-state.tsx'
import { useSessionsText } from '../messages.ts'
import { SessionActions } from './session-actions.tsx'
import { SessionCourse } from './session-course.tsx'
import { SessionFacts } from './session-facts.tsx'
import classes from './session-story.module.css'
import { useSignInOf } from './use-sign-in-of.ts'

/** Whose session it is, on what, from when until when, and what happened in its name. */
export function SessionStory({ session, onBack }: { readonly session: Session; onBack(): void }) {
  const text = useSessionsText()
  const common = useCommonText()
  const person = usePerson(session.user_id)
  const device = describeDevice(session.user_agent).name || common('unknownDevice')
  const name = person === undefined ? `users/${session.user_id}` : nameOf(person)
  const signIn = useSignInOf(session)
  useDocumentTitle(text('of', { device, person: name }))
  return (
    <Detail
      title={device}
      media={
        person === undefined ? (
          <Monitor size={28} aria-hidden className={classes.icon} />
        ) : (
          <Avatar person={person} size={44} />
        )
      }
      state={<SessionState session={session} />}
      names={
        <>
          <LinkAnchor to="/console/users/$id" params={{ id: String(session.user_id) }} inherit>
            {name}
          </LinkAnchor>
          <CopyText value={String(session.id)} shown={`#${session.id}`} />
        </>
      }
      actions={<SessionActions session={session} person={person} device={device} name={name} />}
      onBack={onBack}
    >
      <SessionCourse session={session} />
      <SessionFacts session={session} />
      <History target={`sessions/${session.id}`} beginning={signIn} />
    </Detail>
  )
}
