import { type Message, message } from '../kernel/index.ts'

/**
 * Characters of one user's role names as a token holds them. The gate takes tokens of 8,192 characters, of which
 * base64url leaves some 5,200 for the roles: a user with more would get only tokens that every gate refuses.
 */
export const roleListCapacity = 4096

/** Of code names, which are ASCII and need no escaping. */
export const roleListLength = (codeNames: readonly string[]): number => JSON.stringify(codeNames).length

/** What to say of a list that is too long; undefined when it fits. */
export const checkRoleListLength = (
  length: number,
  key: 'roles.too_long' | 'role.too_long',
): Message | undefined => (length <= roleListCapacity ? undefined : message(key, { limit: roleListCapacity }))
