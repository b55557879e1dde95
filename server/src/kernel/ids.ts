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

/** The `sid` of the tokens of a session, `uuid` in the API. A UUIDv7, so new sessions land side by side in the index. */
export type SessionId = Brand<string, 'SessionId'>
/** The `jti` of a refresh token, a UUIDv7 for the same reason. */
export type RefreshTokenId = Brand<string, 'RefreshTokenId'>
/** The `kid` of a signing key. */
export type KeyId = Brand<string, 'KeyId'>
