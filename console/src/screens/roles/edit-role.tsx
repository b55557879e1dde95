import type { RoleRead } from '@propusk/client'
import { useRefresh } from '../../access/index.ts'
import { api, type WithVersion, withVersion } from '../../session/index.ts'
import { notifyDone, useCommonText } from '../../ui/index.ts'
import { changedValues } from '../catalogue/changed-values.ts'
import { NamedModal, type NamedValues } from '../catalogue/named-modal.tsx'
import { useRolesText } from './messages.ts'
import { readRole } from './read-role.ts'

interface EditRoleProps {
  readonly role: WithVersion<RoleRead>
  onClose(): void
}

/** Names a role anew. Its permissions have a place of their own. */
export function EditRole({ role, onClose }: EditRoleProps) {
  const text = useRolesText()
  const common = useCommonText()
  const refresh = useRefresh()

  const change = (body: Partial<NamedValues>, ifMatch: string | undefined) =>
    withVersion(api.callVersioned('changeRole', { params: { id: role.id }, body, ifMatch })).finally(() =>
      refresh('roles', 'users', 'access'),
    )

  const save = async (values: NamedValues, old: WithVersion<NamedValues>) => {
    const after = changedValues(old, values)
    if (Object.keys(after).length > 0) {
      const { name, etag } = await change(after, old.etag)
      const before = changedValues(values, old)
      notifyDone(text('changed', { name }), { undo: () => change(before, etag) })
    }
    onClose()
  }

  return (
    <NamedModal
      title={text('editTitle', { name: role.name })}
      verb={common('save')}
      initial={role}
      read={() => readRole(role.id)}
      codeNameReason={role.refusals?.rename}
      onSubmit={save}
      onClose={onClose}
    />
  )
}
