import type { Role } from '@propusk/client'
import { useRefresh } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { tellDone, useCommonText } from '../../ui/index.ts'
import { changedValues } from '../catalogue/changed-values.ts'
import { NamedModal, type NamedValues } from '../catalogue/named-modal.tsx'
import { useRolesText } from './words.ts'

interface EditRoleProps {
  readonly role: Role
  onClose(): void
}

/** Names a role anew. Its permissions have a place of their own. */
export function EditRole({ role, onClose }: EditRoleProps) {
  const text = useRolesText()
  const common = useCommonText()
  const refresh = useRefresh()

  const change = (body: Partial<NamedValues>) =>
    api
      .call('changeRole', { params: { id: role.id }, body })
      .finally(() => refresh('roles', 'users', 'access'))

  const save = async (values: NamedValues) => {
    const after = changedValues(role, values)
    if (Object.keys(after).length > 0) {
      const { name } = await change(after)
      const before = changedValues(values, role)
      tellDone(text('changed', { name }), { undo: () => change(before) })
    }
    onClose()
  }

  return (
    <NamedModal
      title={text('editTitle', { name: role.name })}
      verb={common('save')}
      initial={role}
      exists
      onSubmit={save}
      onClose={onClose}
    />
  )
}
