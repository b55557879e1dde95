import type { User } from '@propusk/client'
import { type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { api, useMay, useProfile } from '../session/index.ts'
import { useGridText } from './grid/grid-messages.ts'
import { useWholeList } from './use-whole-list.ts'

type Granted = Awaited<ReturnType<typeof api.call<'effectiveAccess'>>>

/** What the roles of somebody give, also while the account is deactivated. */
export const grantedQuery = (id: number) =>
  ({
    queryKey: ['access', 'effectiveAccess', id],
    queryFn: ({ signal }) =>
      api.call('effectiveAccess', { query: { user_id: id, as_if_active: true }, signal }),
  }) satisfies UseQueryOptions<Granted>

/** Why an account may not be touched by whoever is signed in: its rank is higher. */
export type HigherRank = { readonly superuser: true } | { readonly permission: string }

/**
 * Whether somebody ranks higher, by the rules of the server (ADR 33): a superuser, or an account that holds what the
 * signed-in person does not. The server checks it again at each act.
 */
export function useHigherRank(user: Pick<User, 'id' | 'is_superuser'>): HigherRank | undefined {
  const viewer = useProfile()
  const holds = useMay()
  const isAsked = !viewer.is_superuser && viewer.id !== user.id && !user.is_superuser
  const { data } = useQuery({ ...grantedQuery(user.id), enabled: isAsked })
  if (viewer.is_superuser || viewer.id === user.id) return undefined
  if (user.is_superuser) return { superuser: true }
  const missing = data?.permissions.find(({ resource, action }) => !holds(resource, action))
  return missing && { permission: `${missing.resource}:${missing.action}` }
}

/**
 * The same of any number of people whose roles are known, from what the roles hold: as the server judges whether a holder of a
 * role is of higher rank. Needs the list of roles; without it only superusers are told.
 */
export function useHigherRanks(): (
  user: Pick<User, 'id' | 'is_superuser' | 'roles'>,
) => HigherRank | undefined {
  const viewer = useProfile()
  const may = useMay()
  const firstNotHeld = useFirstNotHeld()
  const isAsked = !viewer.is_superuser && may('roles', 'read')
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: isAsked })
  const missing = new Map(roles.map(role => [role.code_name, firstNotHeld(role.permissions)]))
  return user => {
    if (viewer.is_superuser || viewer.id === user.id) return undefined
    if (user.is_superuser) return { superuser: true }
    const permission = user.roles.map(role => missing.get(role)).find(each => each !== undefined)
    return permission === undefined ? undefined : { permission }
  }
}

/** The first of these permissions that the signed-in person does not hold, and so can neither give nor take. */
export function useFirstNotHeld(): (permissions: readonly string[]) => string | undefined {
  const holds = useMay()
  return permissions =>
    permissions.find(permission => {
      const [resource = '', action = ''] = permission.split(':')
      return !holds(resource, action)
    })
}

/** Why a permission can be neither given nor taken by the signed-in person: they do not hold it. Undefined where they can. */
export function useGrantRefusal(): (permission: string) => string | undefined {
  const text = useGridText()
  const firstNotHeld = useFirstNotHeld()
  return permission => (firstNotHeld([permission]) === undefined ? undefined : text('notYours'))
}
