import { useDebouncedValue } from '@mantine/hooks'
import { useMay } from '../../session/index.ts'
import { useList } from '../../ui/index.ts'

export interface RoleOption {
  readonly value: string
  readonly label: string
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
  const found = rows.map(({ code_name, name }) => ({ value: code_name, label: name }))
  const missing = chosen.filter(role => role !== '' && !rows.some(({ code_name }) => code_name === role))
  return [...missing.map(role => ({ value: role, label: role })), ...found]
}
