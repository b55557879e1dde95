import type { Role } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRefresh } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { notifyDone } from '../../ui/index.ts'
import { suggestCodeName } from '../catalogue/code-name.ts'
import { useNamedText } from '../catalogue/named-messages.ts'
import { NamedModal, type NamedValues } from '../catalogue/named-modal.tsx'
import { useRolesText } from './messages.ts'

interface CreateRoleProps {
  /** The role whose permissions the new one starts with. */
  readonly like?: Role
  onClose(): void
}

/** Makes a role and opens it: its permissions are chosen there, where it shows what they mean. */
export function CreateRole({ like, onClose }: CreateRoleProps) {
  const text = useRolesText()
  const named = useNamedText()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { resource } = useSearch({ from: '/console/roles' })

  const create = async (values: NamedValues) => {
    const role = await api.call('createRole', { body: { ...values, permissions: like?.permissions ?? [] } })
    void refresh('roles')
    onClose()
    await navigate({ to: '/console/roles/$id', params: { id: String(role.id) }, search: { resource } })
    notifyDone(text('created', { name: role.name }))
  }

  if (like === undefined) {
    return <NamedModal title={text('newRole')} verb={named('create')} onSubmit={create} onClose={onClose} />
  }
  const name = text('copyName', { name: like.name })
  return (
    <NamedModal
      title={text('duplicateTitle', { name: like.name })}
      verb={named('create')}
      initial={{ name, code_name: suggestCodeName(name), description: like.description }}
      onSubmit={create}
      onClose={onClose}
    >
      <p className="dim">{text('duplicateHint', { count: like.permissions.length, name: like.name })}</p>
    </NamedModal>
  )
}
