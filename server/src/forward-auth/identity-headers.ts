import { type EpochMs, isKeyPrincipal } from '../kernel/index.ts'
import type { Signer } from '../keys/index.ts'
import { signToken } from '../tokens/index.ts'
import type { Identity } from './decide-forward.ts'

/** A type of its own, so that it is taken for no other token (RFC 8725 section 3.11). */
const assertionType = 'propusk-assertion+jwt'

const assertionLifeSeconds = 30

/** Every one is in every answer that lets a request pass, empty where unknown: one that a client sent never gets through. */
const identityHeaders = [
  'x-propusk-user-id',
  'x-propusk-email',
  'x-propusk-roles',
  'x-propusk-session',
  'x-propusk-api-key-id',
  'x-propusk-assertion',
] as const

type IdentityHeaders = Readonly<Record<(typeof identityHeaders)[number], string>>

export const nobody: IdentityHeaders = {
  'x-propusk-user-id': '',
  'x-propusk-email': '',
  'x-propusk-roles': '',
  'x-propusk-session': '',
  'x-propusk-api-key-id': '',
  'x-propusk-assertion': '',
}

interface About {
  readonly issuer: string
  readonly host: string
  readonly nowMs: EpochMs
}

/** Who asks, as headers and as an assertion for the host that was asked. */
export function headersOf(
  { principal, email }: Identity,
  signer: Signer,
  { issuer, host, nowMs }: About,
): IdentityHeaders {
  const isKey = isKeyPrincipal(principal)
  const iat = Math.floor(nowMs / 1000)
  const assertion = signToken(assertionType, signer, {
    iss: issuer,
    sub: String(principal.userId),
    aud: host,
    iat,
    exp: iat + assertionLifeSeconds,
    email,
    roles: principal.roles,
    ...(isKey ? { api_key_id: principal.apiKeyId } : { sid: principal.sessionId }),
  })
  return {
    'x-propusk-user-id': String(principal.userId),
    // An address may hold letters beyond ASCII behind its @; a header may not.
    'x-propusk-email': encodeBeyondAscii(email),
    'x-propusk-roles': principal.roles.join(','),
    'x-propusk-session': isKey ? '' : principal.sessionId,
    'x-propusk-api-key-id': isKey ? String(principal.apiKeyId) : '',
    'x-propusk-assertion': assertion,
  }
}

const encodeBeyondAscii = (text: string): string =>
  text.replace(/[^\x21-\x7e]+/g, part => encodeURIComponent(part))
