/**
 * Branded ids: two numbers or two strings of different meaning cannot be swapped by accident.
 * Ids are positive safe integers and are never reused.
 */
type Brand<Base, Name extends string> = Base & { readonly __brand: Name }

export type UserId = Brand<number, 'UserId'>
export type SessionRowId = Brand<number, 'SessionRowId'>
export type RoleId = Brand<number, 'RoleId'>
export type ResourceId = Brand<number, 'ResourceId'>
export type ActionId = Brand<number, 'ActionId'>
export type PermissionId = Brand<number, 'PermissionId'>
export type ApiKeyId = Brand<number, 'ApiKeyId'>
export type FactorId = Brand<number, 'FactorId'>
export type ForwardRuleId = Brand<number, 'ForwardRuleId'>
export type InvitationId = Brand<number, 'InvitationId'>
export type MailId = Brand<number, 'MailId'>
export type ProofId = Brand<number, 'ProofId'>

/** The `sid` of the tokens of a session, `uuid` in the API. A UUIDv7, so new sessions land side by side in the index. */
export type SessionId = Brand<string, 'SessionId'>
/** The `jti` of a refresh token, a UUIDv7 for the same reason. */
export type RefreshTokenId = Brand<string, 'RefreshTokenId'>
/** The `kid` of a signing key. */
export type KeyId = Brand<string, 'KeyId'>

/** `resource:action`, as it is written in a role's body and in every answer. */
export type PermissionName = `${string}:${string}`

/** INVARIANT: a code name never holds a colon, so a permission name has one reading. */
export const codeNamePattern = '^[a-z][a-z0-9_.-]{0,99}$'

export const permissionName = (resource: string, action: string): PermissionName => `${resource}:${action}`

export function splitPermissionName(name: string): { resource: string; action: string } | undefined {
  const colon = name.indexOf(':')
  if (colon < 1 || colon === name.length - 1 || name.indexOf(':', colon + 1) !== -1) return undefined
  return { resource: name.slice(0, colon), action: name.slice(colon + 1) }
}
