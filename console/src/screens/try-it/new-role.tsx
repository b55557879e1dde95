import type { User } from '@propusk/client'
import { changeRoles, useRefresh, useWholeList } from '../../access/index.ts'
import { api, useMay } from '../../session/index.ts'
import { confirm, nameOf, notifyDone } from '../../ui/index.ts'
import { AlternativeRow } from './alternative-row.tsx'
import { useTryText } from './messages.ts'
import { sensitiveOf } from './sensitive.ts'
import { useRefusal } from './use-refusal.ts'

interface NewRoleProps {
  readonly person: User
  readonly permission: string
}

/** A role that holds this permission alone, made and given in one: hands out less than any role that there is. */
export function NewRole({ person, permission }: NewRoleProps) {
  const text = useTryText()
  const refresh = useRefresh()
  const free = useFreeNames()
  const refusalOf = useRefusal(person)
  const [resource = '', action = ''] = permission.split(':')
  const sentence = text('newRole', { permission, person: nameOf(person) })

  const create = async () => {
    const role = await api.call('createRole', {
      body: {
        ...free(text('newRoleName', { resource, action }), `${resource}_${action}`),
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
      sensitive={sensitiveOf([permission])}
      refusal={refusalOf([
        { kind: 'grant_permission', role: '', permission },
        { kind: 'give_role', user_id: person.id, role: '' },
      ])}
      onApply={ask}
    />
  )
}

const longestName = 100

/** The names as they are, or with the first number that no other role has: an older role may be called so and hold more. */
function useFreeNames(): (name: string, codeName: string) => { name: string; code_name: string } {
  const may = useMay()
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') })
  const taken = new Set(roles.flatMap(({ name, code_name }) => [name, code_name]))
  return (name, codeName) => {
    for (let count = 1; ; count += 1) {
      const numbered = (text: string, between: string) =>
        count === 1 ? text.slice(0, longestName) : `${text.slice(0, longestName - 5)}${between}${count}`
      const names = { name: numbered(name, ' '), code_name: numbered(codeName, '_') }
      if (!taken.has(names.name) && !taken.has(names.code_name)) return names
    }
  }
}
