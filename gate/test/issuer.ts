import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { type JWTHeaderParameters, SignJWT } from 'jose'
import {
  type Algorithm,
  type CatalogueEntry,
  createGate,
  type Gate,
  type GateOptions,
  type PublicJwk,
  type PublishedKey,
  type RoleState,
} from '../src/index.ts'

export const nowMs = 1_800_000_000_000
export const issuedAt = nowMs / 1000
export const issuer = 'https://auth.example'
export const audience = 'https://api.example'

/** Began a second before `nowMs`. */
export const sessionUuid = uuidAt(nowMs - 1000)

/** A UUIDv7 of an instant. */
export function uuidAt(atMs: number, tail = '8000000000ab'): string {
  const time = atMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7abc-8def-${tail}`
}

const orderP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A pair of keys, and the tokens that it signs. Made once per test file. */
export interface TestKey {
  readonly published: PublishedKey
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function testKey(algorithm: Algorithm, kid: string): TestKey {
  const { publicKey, privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as PublicJwk
  return { published: { kid, algorithm, jwk, expiresAtMs: null }, privateKey, publicKey }
}

/** The primitive as a Node service passes it in. */
export const importKey: GateOptions['importKey'] = ({ algorithm, jwk }) => {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  return algorithm === 'ES256'
    ? (input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : (input, signature) => verify(null, input, key, signature)
}

export const testOptions: GateOptions = {
  issuer,
  audience,
  maxTokenLifeSeconds: 600,
  staleAfterMs: 1000,
  importKey,
}

export const goodClaims = {
  iss: issuer,
  sub: '42',
  aud: audience,
  exp: issuedAt + 600,
  iat: issuedAt,
  jti: 'token-1',
  sid: sessionUuid,
  client_id: 'propusk',
  roles: ['editor'],
}

/** A token made by jose 6, which knows nothing of our rules; only its `s` is folded to the lower half, as our issuer does. */
export async function joseToken(
  key: TestKey,
  claims: Record<string, unknown> = goodClaims,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const { algorithm, kid } = key.published
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid, ...header })
    .sign(key.privateKey)
  return algorithm === 'ES256' ? withSignature(token, signature => withS(signature, lower)) : token
}

/** A token of any header and payload text, rightly signed: what only the holder of the key could make. */
export function rawToken(key: TestKey, header: string | Uint8Array, payload: string | Uint8Array): string {
  const input = `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`
  return signedText(key, input)
}

/** `input` and its signature. */
export function signedText({ published, privateKey }: TestKey, input: string): string {
  const signature =
    published.algorithm === 'ES256'
      ? withS(sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }), lower)
      : sign(null, Buffer.from(input), privateKey)
  return `${input}.${signature.toString('base64url')}`
}

export function withSignature(token: string, change: (signature: Buffer) => Buffer): string {
  const at = token.lastIndexOf('.') + 1
  return token.slice(0, at) + change(Buffer.from(token.slice(at), 'base64url')).toString('base64url')
}

export const lower = (s: bigint): bigint => (s > orderP256 / 2n ? orderP256 - s : s)
export const upper = (s: bigint): bigint => orderP256 - lower(s)

/** The same r with another s. */
export function withS(signature: Buffer, change: (s: bigint) => bigint): Buffer {
  const s = change(BigInt(`0x${signature.toString('hex', 32)}`))
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
}

/** A gate that knows `keys` and was synced just now. */
export function testGate(keys: readonly TestKey[], options: Partial<GateOptions> = {}): Gate {
  const gate = createGate({ ...testOptions, ...options })
  gate.load({
    keys: keys.map(key => key.published),
    roles: rolesOf({ editor: ['documents:read'] }),
    catalogue: testCatalogue,
    changes: [],
  })
  gate.markSynced(nowMs)
  return gate
}

const roleIds = new Map<string, number>()

/** The id of the role that had this name first: the same for a name throughout a test file. */
export function roleIdOf(role: string): number {
  const roleId = roleIds.get(role) ?? roleIds.size + 1
  roleIds.set(role, roleId)
  return roleId
}

export const roleNamed = (role: string) => ({ roleId: roleIdOf(role), role })

/** Permissions that hold in every session, or in one of level `aal2` only. */
export type HeldByRole = readonly string[] | { readonly aal2: readonly string[] }

/** What a role permits in a session of this level. */
export function heldIn(held: HeldByRole, level: 'aal1' | 'aal2'): readonly string[] {
  if ('aal2' in held) return level === 'aal2' ? held.aal2 : []
  return held
}

/** Permissions by role, as a snapshot has them. */
export const rolesOf = (permissions: Readonly<Record<string, HeldByRole>>): RoleState[] =>
  Object.entries(permissions).map(([role, held]) => ({
    ...roleNamed(role),
    permissions: heldIn(held, 'aal1'),
    ...('aal2' in held && { aal2Permissions: held.aal2 }),
  }))

/** Resources and actions under these code names. */
export const catalogueOf = (
  resources: readonly string[],
  actions: readonly string[],
): readonly CatalogueEntry[] => [
  ...resources.map((codeName, at): CatalogueEntry => ({ part: 'resource', entryId: at + 1, codeName })),
  ...actions.map((codeName, at): CatalogueEntry => ({ part: 'action', entryId: at + 1, codeName })),
]

export const testCatalogue = catalogueOf(
  ['documents', 'reports', 'users'],
  ['read', 'create', 'update', 'delete', 'all', 'approve'],
)
