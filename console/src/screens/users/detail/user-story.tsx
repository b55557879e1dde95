import type { User } from '@propusk/client'
import { useMay, useProfile, type WithVersion } from '../../../session/index.ts'
import { Avatar, CopyText, Detail, LinkAnchor, nameOf, useDocumentTitle } from '../../../ui/index.ts'
import { StaffBadge, SuperuserBadge } from '../list/role-badges.tsx'
import { UserState } from '../list/user-columns.tsx'
import { EffectivePermissions } from './effective-permissions.tsx'
import { useUserText } from './messages.ts'
import { UserSecurity } from './security/user-security.tsx'
import { UserActions } from './user-actions.tsx'
import { UserFlags } from './user-flags.tsx'
import { UserProfile } from './user-profile.tsx'
import { UserRoles } from './user-roles.tsx'
import { UserSessions } from './user-sessions.tsx'
import { UserTrail } from './user-trail.tsx'

/** Who somebody is, what they may do and why, where they are signed in, and what happened. */
export function UserStory({ user, onBack }: { readonly user: WithVersion<User>; onBack(): void }) {
  const text = useUserText()
  const may = useMay()
  const viewer = useProfile()
  const title = nameOf(user)
  useDocumentTitle(title)
  return (
    <Detail
      title={title}
      media={<Avatar person={user} size={44} />}
      state={
        <>
          <UserState user={user} />
          {user.is_superuser && <SuperuserBadge />}
          {user.is_staff && <StaffBadge />}
        </>
      }
      names={
        <>
          <CopyText value={user.email} />
          <CopyText value={String(user.id)} shown={`#${user.id}`} />
          {may('api_keys', 'read') && (
            <LinkAnchor to="/console/api-keys" search={{ owner_id: String(user.id) }} inherit>
              {text('apiKeys')}
            </LinkAnchor>
          )}
        </>
      }
      actions={<UserActions user={user} />}
      onBack={onBack}
    >
      <UserProfile user={user} />
      <UserSecurity user={user} />
      {viewer.is_superuser && <UserFlags user={user} />}
      <UserRoles user={user} />
      <EffectivePermissions user={user} />
      {may('sessions', 'read') && <UserSessions user={user} />}
      {may('audit', 'read') && <UserTrail user={user} />}
    </Detail>
  )
}
