import { useDebouncedValue } from '@mantine/hooks'
import { useFirstNotHeld } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { useList } from '../../ui/index.ts'

export interface RoleOption {
  readonly value: string
  readonly label: string
  /** It holds what the signed-in person does not, and so cannot be given or taken by them. */
  readonly disabled: boolean
  readonly notHeld?: string
}

const restMs = 180

/**
 * Roles to choose from, by a part of their name. The server searches, as there may be more of them than anybody loads;
 * those that are chosen already stay among the options, so that they can be shown.
 */
export function useRoleOptions(search: string, chosen: readonly string[]): readonly RoleOption[] {
  const may = useMay()
  const [asked] = useDebouncedValue(search.trim(), restMs)
  const { rows } = useList(
    'roles',
    'listRoles',
    { ordering: 'name', ...(asked !== '' && { search: asked }) },
    { isOn: may('roles', 'read') },
  )
  const firstNotHeld = useFirstNotHeld()
  const found = rows.map(({ code_name, name, permissions }): RoleOption => {
    const notHeld = firstNotHeld(permissions)
    return { value: code_name, label: name, disabled: notHeld !== undefined, ...(notHeld && { notHeld }) }
  })
  const missing = chosen.filter(role => role !== '' && !rows.some(({ code_name }) => code_name === role))
  return [...missing.map(role => ({ value: role, label: role, disabled: false })), ...found]
}
