import { Button } from '@mantine/core'
import type { User } from '@propusk/client'
import { LogOut, Pencil, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { useMay, type WithVersion } from '../../../session/index.ts'
import { useCommonText } from '../../../ui/index.ts'
import { EditUserModal } from './edit-user-modal.tsx'
import { useUserText } from './messages.ts'
import { useAccountActs } from './use-account-acts.tsx'

/** What can be done with the account as a whole. */
export function UserActions({ user }: { readonly user: WithVersion<User> }) {
  const text = useUserText()
  const common = useCommonText()
  const may = useMay()
  const acts = useAccountActs(user)
  const [isEditing, setEditing] = useState(false)
  const mayClose = may('users', 'update') || may('users', 'delete')
  return (
    <>
      {may('users', 'update') && (
        <Button
          variant="default"
          leftSection={<Pencil size={15} aria-hidden />}
          onClick={() => setEditing(true)}
        >
          {common('edit')}
        </Button>
      )}
      {may('tokens', 'delete') && user.is_active && (
        <Button
          variant="default"
          leftSection={<LogOut size={15} aria-hidden />}
          onClick={() => void acts.logOut()}
        >
          {text('logOut')}
        </Button>
      )}
      {mayClose && user.is_active && (
        <Button
          variant="default"
          c="var(--bad)"
          leftSection={<UserX size={15} aria-hidden />}
          onClick={() => void acts.deactivate()}
        >
          {text('deactivate')}
        </Button>
      )}
      {may('users', 'update') && !user.is_active && (
        <Button
          variant="default"
          leftSection={<UserCheck size={15} aria-hidden />}
          onClick={() => void acts.reactivate()}
        >
          {text('reactivate')}
        </Button>
      )}
      {isEditing && <EditUserModal user={user} onClose={() => setEditing(false)} />}
    </>
  )
}
