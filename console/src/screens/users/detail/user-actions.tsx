import type { User } from '@propusk/client'
import { LogOut, Pencil, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { useHigherRank } from '../../../access/index.ts'
import { isKept, useMay, type WithVersion } from '../../../session/index.ts'
import { GatedButton, useCommonText } from '../../../ui/index.ts'
import { EditUserModal } from './edit-user-modal.tsx'
import { useUserText } from './messages.ts'
import { useAccountActs } from './use-account-acts.tsx'
import { useAskedAct } from './use-asked-act.ts'

/** What can be done with the account as a whole. */
export function UserActions({ user }: { readonly user: WithVersion<User> }) {
  const text = useUserText()
  const common = useCommonText()
  const may = useMay()
  const acts = useAccountActs(user)
  const [isEditing, setEditing] = useState(() => isKept('edit-user'))
  const reason = useRankReason(user)
  const mayClose = may('users', 'update') || may('users', 'delete')
  useAskedAct('deactivate', { reason: reason, begin: acts.deactivate })
  useAskedAct('reactivate', { reason, begin: acts.reactivate })
  useAskedAct('end-sessions', { reason, begin: acts.logOut })
  useAskedAct('edit', { reason, begin: () => setEditing(true) })
  return (
    <>
      {may('users', 'update') && (
        <GatedButton
          reason={reason}
          variant="default"
          leftSection={<Pencil size={15} aria-hidden />}
          onClick={() => setEditing(true)}
        >
          {common('edit')}
        </GatedButton>
      )}
      {may('tokens', 'delete') && user.is_active && (
        <GatedButton
          reason={reason}
          variant="default"
          leftSection={<LogOut size={15} aria-hidden />}
          onClick={() => void acts.logOut()}
        >
          {text('logOut')}
        </GatedButton>
      )}
      {mayClose && user.is_active && (
        <GatedButton
          reason={reason}
          variant="default"
          c="var(--bad)"
          leftSection={<UserX size={15} aria-hidden />}
          onClick={() => void acts.deactivate()}
        >
          {text('deactivate')}
        </GatedButton>
      )}
      {may('users', 'update') && !user.is_active && (
        <GatedButton
          reason={reason}
          variant="default"
          leftSection={<UserCheck size={15} aria-hidden />}
          onClick={() => void acts.reactivate()}
        >
          {text('reactivate')}
        </GatedButton>
      )}
      {isEditing && <EditUserModal user={user} onClose={() => setEditing(false)} />}
    </>
  )
}

/** Why this account cannot be changed by whoever is signed in. */
export function useRankReason(user: Pick<User, 'id' | 'is_superuser'>): string | undefined {
  const text = useUserText()
  const higher = useHigherRank(user)
  if (higher === undefined) return undefined
  return 'superuser' in higher ? text('higherSuperuser') : text('higherPermission', higher)
}
