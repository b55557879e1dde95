import { createHmac } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Clock, Random, UserId } from '../kernel/index.ts'
import { deriveKey } from '../keys/index.ts'
import { type AnsweredChallenge, createChallenges } from './challenges.ts'
import type { StoredPasskey } from './passkey-store.sql.ts'

export type { AuthenticationResponseJSON, RegistrationResponseJSON }

interface PasskeyOptions {
  readonly publicUrl: string
  readonly masterKey: Uint8Array
  readonly random: Random
  readonly clock: Clock
}

/** A passkey that its authenticator has just made. */
interface MadePasskey extends AnsweredChallenge {
  readonly credentialId: string
  readonly publicKey: string
  readonly signCount: number
}

/** A signature of a passkey that is right. */
export interface SignedByPasskey extends AnsweredChallenge {
  readonly signCount: number
}

export type Passkeys = ReturnType<typeof createPasskeys>

/** COSE: Ed25519, ES256, RS256. Named, since the library would try out what is experimental in Node. */
const supportedAlgorithmIDs = [-8, -7, -257]

/** Loaded when first needed: a server whose accounts have no passkey does without it. */
const library = () => import('@simplewebauthn/server')

/**
 * The ceremonies of WebAuthn for the origin of the public URL: resident keys, user verification required, no attestation.
 * What is wrong in any way is undefined.
 */
export function createPasskeys({ publicUrl, masterKey, random, clock }: PasskeyOptions) {
  const { origin, hostname: rpId } = new URL(publicUrl)
  const challenges = createChallenges({
    key: deriveKey(masterKey, 'propusk passkey challenges'),
    random,
    clock,
  })
  const handleKey = deriveKey(masterKey, 'propusk passkey user handles')
  /** WebAuthn section 14.6.1: says nothing of its account. */
  const handleOf = (userId: UserId): Buffer => createHmac('sha256', handleKey).update(String(userId)).digest()

  return {
    rpId,
    userHandleOf: (userId: UserId): string => handleOf(userId).toString('base64url'),

    /** What a browser makes a passkey by. */
    async creationOptions(
      { id, email, name }: { id: UserId; email: string; name: string },
      existing: readonly StoredPasskey[],
    ): Promise<PublicKeyCredentialCreationOptionsJSON> {
      const { generateRegistrationOptions } = await library()
      return generateRegistrationOptions({
        rpName: rpId,
        rpID: rpId,
        userName: email,
        userDisplayName: name,
        userID: new Uint8Array(handleOf(id)),
        challenge: bytesOf(challenges.issue(enrolmentOf(id))),
        supportedAlgorithmIDs,
        attestationType: 'none',
        excludeCredentials: existing.map(toDescriptor),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
    },

    /** What a browser asks a passkey with; any of this origin unless some are named. */
    async requestOptions(
      purpose: string,
      allowed: readonly StoredPasskey[] = [],
    ): Promise<PublicKeyCredentialRequestOptionsJSON> {
      const { generateAuthenticationOptions } = await library()
      return generateAuthenticationOptions({
        rpID: rpId,
        challenge: bytesOf(challenges.issue(purpose)),
        allowCredentials: allowed.map(toDescriptor),
        userVerification: 'required',
      })
    },

    async verifyMade(response: RegistrationResponseJSON, userId: UserId): Promise<MadePasskey | undefined> {
      const answered = challenges.read(challengeOf(response.response.clientDataJSON), enrolmentOf(userId))
      if (answered === undefined) return undefined
      const { verifyRegistrationResponse } = await library()
      const verified = await verifyRegistrationResponse({
        response,
        expectedChallenge: answered.challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs,
      }).catch(() => undefined)
      if (!verified?.verified) return undefined
      const { id, publicKey, counter } = verified.registrationInfo.credential
      return {
        ...answered,
        credentialId: id,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        signCount: counter,
      }
    },

    async verifySigned(
      response: AuthenticationResponseJSON,
      passkey: StoredPasskey,
      purpose: string,
    ): Promise<SignedByPasskey | undefined> {
      const answered = challenges.read(challengeOf(response.response.clientDataJSON), purpose)
      if (answered === undefined) return undefined
      const { userHandle } = response.response
      if (userHandle && userHandle !== handleOf(passkey.userId).toString('base64url')) return undefined
      const { verifyAuthenticationResponse } = await library()
      const verified = await verifyAuthenticationResponse({
        response,
        expectedChallenge: answered.challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        // Its counter is ours to compare, in the statement that notes the use.
        credential: { id: passkey.credentialId, publicKey: bytesOf(passkey.publicKey), counter: 0 },
      }).catch(() => undefined)
      return verified?.verified
        ? { ...answered, signCount: verified.authenticationInfo.newCounter }
        : undefined
    },
  }
}

const enrolmentOf = (userId: UserId): string => `enrolment of user ${userId}`

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(base64url, 'base64url'))

const toDescriptor = ({ credentialId, transports }: StoredPasskey) => ({
  id: credentialId,
  transports: [...transports],
})

/** The challenge that the browser says it answers; empty where it says none. */
function challengeOf(clientDataJSON: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}
