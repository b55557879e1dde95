import type { AccessClaims } from './access-claims.ts'

/** The levels of authentication, the lower first: by one factor, and by two or by a passkey (ADR 47). */
export type Acr = 'aal1' | 'aal2'

/** What an act asks of the authentication of its caller, beyond a token that holds (RFC 9470 section 3). */
export interface AuthenticationRequirement {
  /** The least level: `aal2` asks for a second factor. */
  readonly acr?: Acr
  /** How long ago, at most, the caller proved who is there. */
  readonly maxAgeSeconds?: number
}

/** How a caller was authenticated. */
export interface CallerAuthentication {
  readonly acr: Acr
  readonly authTimeMs: number
}

/** How far behind the clock of another issuing node may be, as for `iat`. */
const clockAllowanceMs = 60_000

/** A level that is unknown, or not said, counts as the lowest. */
export const levelOf = (acr: string | undefined): Acr => (acr === 'aal2' ? 'aal2' : 'aal1')

/**
 * How the bearer of a token was authenticated. A token of release 0.1.0 does not say: by a password, when its session
 * began.
 */
export const authenticationOf = ({
  auth_time,
  acr,
  startedAtMs,
}: Pick<AccessClaims, 'auth_time' | 'acr' | 'startedAtMs'>): CallerAuthentication => ({
  acr: levelOf(acr),
  authTimeMs: auth_time === undefined ? startedAtMs : auth_time * 1000,
})

/**
 * Whether a caller is authenticated as strongly and as recently as it is asked for. A time of authentication that lies
 * more than a minute ahead is none.
 */
export function isAuthenticatedEnough(
  { acr, authTimeMs }: CallerAuthentication,
  { acr: least = 'aal1', maxAgeSeconds }: AuthenticationRequirement,
  nowMs: number,
): boolean {
  if (least === 'aal2' && acr !== 'aal2') return false
  if (maxAgeSeconds === undefined) return true
  return authTimeMs <= nowMs + clockAllowanceMs && nowMs - authTimeMs <= maxAgeSeconds * 1000
}

/** The `WWW-Authenticate` of a 401 that asks for a stronger or a newer authentication (RFC 9470 section 3). */
export function stepUpChallenge({ acr, maxAgeSeconds }: AuthenticationRequirement, realm?: string): string {
  const parameters = [
    ...(realm === undefined ? [] : [`realm="${realm}"`]),
    'error="insufficient_user_authentication"',
    'error_description="A stronger or a more recent authentication is needed"',
    ...(acr === undefined ? [] : [`acr_values="${acr}"`]),
    ...(maxAgeSeconds === undefined ? [] : [`max_age="${maxAgeSeconds}"`]),
  ]
  return `Bearer ${parameters.join(', ')}`
}
