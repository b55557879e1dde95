import { useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'

/** What a role is called; its code name for a viewer who may not read the roles. */
export function useRoleName(): (codeName: string) => string {
  const may = useMay()
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') })
  return codeName => roles.find(({ code_name }) => code_name === codeName)?.name ?? codeName
}
