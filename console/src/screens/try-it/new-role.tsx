import type { User } from '@propusk/client'
import { changeRoles, useRefresh } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { confirm, nameOf, notifyDone } from '../../ui/index.ts'
import { AlternativeRow } from './alternative-row.tsx'
import { useTryText } from './messages.ts'

interface NewRoleProps {
  readonly person: User
  readonly permission: string
}

/** A role that holds this permission alone, made and given in one: hands out less than any role that there is. */
export function NewRole({ person, permission }: NewRoleProps) {
  const text = useTryText()
  const refresh = useRefresh()
  const [resource = '', action = ''] = permission.split(':')
  const sentence = text('newRole', { permission, person: nameOf(person) })

  const create = async () => {
    const role = await api.call('createRole', {
      body: {
        name: text('newRoleName', { resource, action }),
        code_name: `${resource}_${action}`.slice(0, 100),
        permissions: [permission],
      },
    })
    const remove = async () => {
      await api.call('deleteRole', { params: { id: role.id } })
      await refresh('users', 'roles', 'access', 'sessions')
    }
    await changeRoles(person.id, { give: role.code_name }).catch(async error => {
      // A role that nobody holds is no help to anybody.
      await remove()
      throw error
    })
    await refresh('users', 'roles', 'access', 'sessions')
    return remove
  }
  const ask = () =>
    confirm({
      title: text('applyTitle'),
      tone: 'grant',
      body: sentence,
      verb: text('apply'),
      async act() {
        notifyDone(text('applied'), { undo: await create() })
      },
    })
  return (
    <AlternativeRow
      sentences={[sentence]}
      effect={{ affects: 1, gains: 1, losses: 0 }}
      sensitive={[]}
      onApply={ask}
    />
  )
}
