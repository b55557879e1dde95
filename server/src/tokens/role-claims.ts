/**
 * How an access token says which roles its user holds. `names`: their code names, and their ids beside them while both fit.
 * `ids`: their ids alone, as far as those fit. `auto`: as `names` while the token stays short, and as `ids` beyond.
 */
export type TokenRoles = 'auto' | 'names' | 'ids'

interface RoleClaims {
  readonly roles: readonly string[]
  readonly role_ids?: readonly number[]
}

/**
 * Characters of the names and the ids of the roles together, of some 5,200 that the gate's limit leaves for them. Names alone
 * fit in any case (`roleListCapacity`). A token without ids is obeyed more strictly: who holds hundreds of roles and one of them
 * is renamed has to refresh.
 */
const roleListCharacters = 5_000

/** The gate goes by the ids where there are any, so names beside them are for other readers (ADR 28). */
export function roleClaims(
  kind: TokenRoles,
  { roles, roleIds: role_ids }: { readonly roles: readonly string[]; readonly roleIds: readonly number[] },
  isShort: (claims: RoleClaims) => boolean,
): RoleClaims {
  const named = withNames(roles, role_ids)
  const byIds = kind === 'ids' || (kind === 'auto' && !isShort(named))
  const idsFit = JSON.stringify(role_ids).length <= roleListCharacters
  return byIds && idsFit ? { roles: [], role_ids } : named
}

function withNames(roles: readonly string[], role_ids: readonly number[]): RoleClaims {
  const fits = JSON.stringify(roles).length + JSON.stringify(role_ids).length <= roleListCharacters
  return { roles, ...(fits && { role_ids }) }
}
