import { type Bits, hasBit } from './bits.ts'
import { bitsOf } from './held-standing.ts'
import { splitPermission } from './permission-index.ts'
import type { RoleBook } from './role-book.ts'
import type { Standing } from './standing.ts'

/** One reason. `inactive` is for callers who know the account; the gate itself never gives it. */
export type Because =
  | { readonly role: string; readonly permission: string }
  | { readonly superuser: true }
  | { readonly missing: string }
  | { readonly inactive: true }

export interface Decision {
  readonly allowed: boolean
  /** Never empty: every role and permission that allows, or what is missing. */
  readonly because: readonly Because[]
}

/** The action that stands for every action on its resource, such as one that no role names. */
const everyAction = 'all'

/** Denies by default: what no role names and nobody holds is nobody's, superusers excepted. */
export const allows = (book: RoleBook, standing: Standing, resource: string, action: string): boolean =>
  standing.isSuperuser || covers(book, bitsOf(book, standing), resource, action)

/** The same answer as `allows`, with its reasons. */
export function decide(book: RoleBook, standing: Standing, resource: string, action: string): Decision {
  if (standing.isSuperuser) return { allowed: true, because: [{ superuser: true }] }
  const because = [...new Set(standing.roles)].flatMap(role => grounds(book, role, resource, action))
  if (because.length > 0) return { allowed: true, because }
  return { allowed: false, because: [{ missing: `${resource}:${action}` }] }
}

/** Sorted. For a superuser: every permission that any role holds. */
export const permissionsOf = (book: RoleBook, { roles, isSuperuser }: Standing): readonly string[] =>
  isSuperuser ? book.knownPermissions() : book.sets.of(roles).permissions

/** The first of `permissions` that the standing does not cover; `undefined` when it covers them all. */
export const missingFrom = (
  book: RoleBook,
  standing: Standing,
  permissions: readonly string[],
): string | undefined =>
  standing.isSuperuser ? undefined : permissions.find(permission => !coversNamed(book, standing, permission))

function coversNamed(book: RoleBook, standing: Standing, permission: string): boolean {
  const parts = splitPermission(permission)
  return parts !== undefined && allows(book, standing, parts.resource, parts.action)
}

function covers(book: RoleBook, bits: Bits, resource: string, action: string): boolean {
  return holds(book, bits, resource, action) || holds(book, bits, resource, everyAction)
}

function holds(book: RoleBook, bits: Bits, resource: string, action: string): boolean {
  const bit = book.index.find(resource, action)
  return bit !== undefined && hasBit(bits, bit)
}

function grounds(book: RoleBook, role: string, resource: string, action: string): Because[] {
  const bits = book.bitsOf(role)
  if (bits === undefined) return []
  return [...new Set([action, everyAction])]
    .filter(held => holds(book, bits, resource, held))
    .map(held => ({ role, permission: `${resource}:${held}` }))
}
