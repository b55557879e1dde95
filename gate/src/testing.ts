import { type CheckedBy, TokenChecks } from './check-tokens.ts'
import type { ConnectedGate, GateConnectionState, Outage } from './connected-gate.ts'
import { everyAction } from './decision.ts'
import { createGate } from './gate.ts'
import type { CatalogueEntry, RoleState } from './gate-state.ts'
import { getPermissionParts } from './permission-index.ts'
import type { PublicJwk } from './published-key.ts'
import type { Acr } from './step-up.ts'
import { ProvedSignatures } from './web-signatures.ts'

/** Who there is in a test, under a name of the test's own. */
export interface TestUser {
  /** Code names out of `roles`. */
  readonly roles?: readonly string[]
  /** What the user may do without a role of `roles`, as `resource:action`. */
  readonly permissions?: readonly string[]
  readonly isSuperuser?: boolean
}

export interface TestingOptions {
  readonly users: Readonly<Record<string, TestUser>>
  /** Permissions (`resource:action`) by the code name of the role. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** Code names of roles that permit in a session of level `aal2` only. */
  readonly aal2Roles?: readonly string[]
  /** Permissions that there are though no user has them: what is not there is denied to superusers, too. */
  readonly permissions?: readonly string[]
  /** `https://auth.example` unless given. */
  readonly issuer?: string
}

export interface TokenOptions {
  readonly isExpired?: boolean
  readonly acr?: Acr
  /** How long ago the user proved who is there. */
  readonly authenticatedSecondsAgo?: number
}

/** A gate whose knowledge a test sets. Decides, checks tokens and refuses with the code that a connected one runs. */
export interface TestingGate extends ConnectedGate {
  /**
   * An access token of a new session, good for ten minutes, or one that has expired. The user signed in with one factor just
   * now, unless said otherwise.
   */
  tokenOf(user: string, options?: TokenOptions): Promise<string>
  /** From now on, for every token of the user. */
  setRoles(user: string, roles: readonly string[]): void
  /** Ends the sessions of the user; `tokenOf` begins another. */
  logOut(user: string): void
  /** Ends the sessions of the user, who cannot sign in again. */
  deactivate(user: string): void
  /** As in an outage of the server: every answer is 503 until `setLive`. */
  setStale(): void
  setLive(): void
}

const lifeSeconds = 600
const keyId = 'test'
const builtInActions = ['read', 'create', 'update', 'delete', everyAction]

/** Needs no server. Throws a TypeError for a permission that is not `resource:action`, and for a role that there is not. */
export async function testingGate(options: TestingOptions): Promise<TestingGate> {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as PublicJwk
  return new LocalGate(options, { jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, privateKey })
}

interface Account {
  readonly userId: number
  readonly user: TestUser
  isActive: boolean
}

class LocalGate implements TestingGate {
  readonly issuer: string
  readonly #signatures = new ProvedSignatures()
  readonly #gate
  readonly #privateKey: CryptoKey
  readonly #roleIds = new Map<string, number>()
  readonly #accounts: ReadonlyMap<string, Account>
  readonly #checks = new TokenChecks(
    () => this.#checkedBy(),
    () => Date.now(),
  )
  #isClosed = false
  #knownAt: Date | undefined
  #changes = 0
  #latestSessionMs = 0

  constructor(
    { users, roles = {}, aal2Roles = [], permissions = [], issuer = 'https://auth.example' }: TestingOptions,
    { jwk, privateKey }: { readonly jwk: PublicJwk; readonly privateKey: CryptoKey },
  ) {
    this.issuer = issuer.replace(/\/$/, '')
    this.#privateKey = privateKey
    const ofUsers = Object.entries(users).map(
      ([name, user]) => [ownRoleOf(name), user.permissions ?? []] as const,
    )
    const defined = [...Object.entries(roles), ...ofUsers].map(
      ([role, held], at): RoleState => ({
        roleId: at + 1,
        role,
        ...(aal2Roles.includes(role) ? { permissions: [], aal2Permissions: held } : { permissions: held }),
      }),
    )
    for (const { role, roleId } of defined) this.#roleIds.set(role, roleId)
    this.#accounts = new Map(
      Object.entries(users).map(([name, user], at) => [name, { userId: at + 1, user, isActive: true }]),
    )
    for (const { user } of this.#accounts.values()) this.#idsOf(user.roles ?? [])
    this.#idsOf(aal2Roles)
    this.#gate = createGate({
      issuer: this.issuer,
      audience: this.issuer,
      maxTokenLifeSeconds: lifeSeconds,
      staleAfterMs: Number.MAX_SAFE_INTEGER,
      importKey: key => this.#signatures.importKey(key),
    })
    const keys = [{ kid: keyId, algorithm: 'EdDSA', jwk, expiresAtMs: null }] as const
    const named = [...Object.values(roles), ...ofUsers.map(([, held]) => held), permissions].flat()
    this.#gate.load({ keys, roles: defined, catalogue: catalogueOf(named), changes: [] })
    this.setLive()
  }

  get state(): GateConnectionState {
    if (this.#isClosed) return 'closed'
    return this.#gate.isFresh(performance.now()) ? 'live' : 'stale'
  }

  get ageMs(): number {
    return this.state === 'live' ? 0 : Number.POSITIVE_INFINITY
  }

  get outage(): Outage | undefined {
    return this.state === 'stale' ? { knownAt: this.#knownAt, error: undefined } : undefined
  }

  check(...[token, resource, action, stepUp]: Parameters<ConnectedGate['check']>) {
    return this.#checks.check(token, { resource, action, stepUp })
  }

  async tokenOf(
    name: string,
    { isExpired = false, acr = 'aal1', authenticatedSecondsAgo = 0 }: TokenOptions = {},
  ): Promise<string> {
    const { user, userId, isActive } = this.#accountOf(name)
    if (!isActive) throw new TypeError(`${name} is deactivated: no token can be made`)
    const iat = Date.now() / 1000 - (isExpired ? lifeSeconds + 1 : 0)
    const roles = [...(user.roles ?? []), ...(user.permissions === undefined ? [] : [ownRoleOf(name)])]
    return this.#sign({
      iss: this.issuer,
      aud: this.issuer,
      sub: String(userId),
      sid: this.#nextSession(),
      client_id: 'propusk',
      jti: crypto.randomUUID(),
      iat,
      exp: iat + lifeSeconds,
      auth_time: iat - authenticatedSecondsAgo,
      acr,
      roles,
      role_ids: this.#idsOf(roles),
      ...(user.isSuperuser === true && { superuser: true }),
    })
  }

  setRoles(name: string, roles: readonly string[]): void {
    const { userId, user } = this.#accountOf(name)
    const isSuperuser = user.isSuperuser === true
    this.#gate.apply({
      ...this.#nextRow(),
      kind: 'user_roles',
      userId,
      roleIds: this.#idsOf(roles),
      isSuperuser,
    })
  }

  logOut(name: string): void {
    const { userId } = this.#accountOf(name)
    const beforeMs = this.#latestSessionMs
    this.#gate.apply({ ...this.#nextRow(), kind: 'user_logged_out', userId, beforeMs })
  }

  deactivate(name: string): void {
    this.logOut(name)
    this.#accountOf(name).isActive = false
  }

  setStale(): void {
    this.#knownAt = new Date()
    this.#gate.markSynced(Number.NEGATIVE_INFINITY)
  }

  setLive(): void {
    this.#gate.markSynced(performance.now())
  }

  close(): void {
    this.#isClosed = true
  }

  #checkedBy(): CheckedBy | undefined {
    return this.#isClosed ? undefined : { gate: this.#gate, signatures: this.#signatures }
  }

  #accountOf(name: string): Account {
    const account = this.#accounts.get(name)
    if (account === undefined) throw new TypeError(`There is no user ${name}: give it in users`)
    return account
  }

  #idsOf(roles: readonly string[]): number[] {
    return roles.map(role => {
      const roleId = this.#roleIds.get(role)
      if (roleId === undefined) throw new TypeError(`There is no role ${role}: give it in roles`)
      return roleId
    })
  }

  #nextRow() {
    this.#changes += 1
    return { id: this.#changes, expiresAtMs: Number.MAX_SAFE_INTEGER }
  }

  /** A UUIDv7, each of a later millisecond: a logout ends those before it and not the next. */
  #nextSession(): string {
    this.#latestSessionMs = Math.max(Date.now(), this.#latestSessionMs + 1)
    const time = this.#latestSessionMs.toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
  }

  async #sign(claims: object): Promise<string> {
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid: keyId }
    const input = [header, claims].map(part => encode(utf8.encode(JSON.stringify(part)))).join('.')
    const signature = await crypto.subtle.sign('Ed25519', this.#privateKey, utf8.encode(input))
    return `${input}.${encode(new Uint8Array(signature))}`
  }
}

const utf8 = new TextEncoder()

/** RFC 7515 section 2. */
const encode = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const ownRoleOf = (user: string): string => `of_${user}`

function catalogueOf(permissions: readonly string[]): CatalogueEntry[] {
  const parts = permissions.map(getPermissionParts)
  const resources = [...new Set(parts.map(({ resource }) => resource))]
  const actions = [...new Set([...builtInActions, ...parts.map(({ action }) => action)])]
  return [
    ...resources.map((codeName, at): CatalogueEntry => ({ part: 'resource', entryId: at + 1, codeName })),
    ...actions.map((codeName, at): CatalogueEntry => ({ part: 'action', entryId: at + 1, codeName })),
  ]
}
