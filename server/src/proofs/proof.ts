import type { EpochMs, ProofId, UserId } from '../kernel/index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

interface ProofKindFacts {
  /** How long its link and its code work. */
  readonly lifeMs: number
  /** The page below `/account/` that its link opens. */
  readonly flow: string
  /** So many of one address work at a time: mails that crossed each other, and no more to guess at. Three unless given. */
  readonly mostLive?: number
  /** Whether those with other details are counted by themselves. */
  readonly isCountedByDetails?: boolean
}

/**
 * What a mail can prove, each for one effect. Kinds are names of the database: never renamed. The first is consumed by the
 * person who reads the mail, so none is ever good for two of them.
 */
export const proofKinds = {
  /** The address of an account that is there. */
  email_verify: { lifeMs: dayMs, flow: 'confirm' },
  /** The address of an account that is made by this proof. */
  registration: { lifeMs: dayMs, flow: 'activate' },
  password_reset: { lifeMs: hourMs, flow: 'reset' },
  /** The new address of an account. */
  email_change: { lifeMs: hourMs, flow: 'email' },
  /** The address that an account had. */
  email_undo: { lifeMs: 7 * dayMs, flow: 'undo' },
  /**
   * That something which a notice tells of was not done by its reader. It has no code, so there is nothing to guess at. Its details name
   * the event: hundreds of sign-ins make no link useless that came with a notice of something else.
   */
  not_me: { lifeMs: 7 * dayMs, flow: 'not_me', mostLive: 100, isCountedByDetails: true },
  invitation: { lifeMs: 7 * dayMs, flow: 'invitation' },
  /** OWASP ASVS 5.0, 6.5.5: a code that signs in works for ten minutes at the most. */
  login_code: { lifeMs: 10 * minuteMs, flow: 'code' },
} as const satisfies Record<string, ProofKindFacts>

export type ProofKind = keyof typeof proofKinds

/** SECRET: a hash of a password may be in it; never a link, a code or a token. */
export type ProofDetails = Readonly<Record<string, unknown>>

/** That mail to an address reaches a person, to be shown by the link or by the code that the mail holds. */
export interface Proof {
  readonly id: ProofId
  readonly kind: ProofKind
  /** The account that it is about; null where there is none yet, or none at all. */
  readonly userId: UserId | null
  /** Canonical. */
  readonly email: string
  readonly createdAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  readonly consumedAtMs: EpochMs | null
  readonly wrongCodes: number
  readonly details: ProofDetails
}

/** Wrong codes that make the code of a proof useless. Its link goes on: it cannot be guessed (ADR 45). */
export const mostWrongCodes = 6

/** Whether its link works. */
export const isLiveProof = ({ consumedAtMs, expiresAtMs }: Proof, nowMs: EpochMs): boolean =>
  consumedAtMs === null && expiresAtMs > nowMs

export function boundOf(
  kind: ProofKind,
): Required<Pick<ProofKindFacts, 'mostLive'>> & { isByDetails: boolean } {
  const { mostLive = 3, isCountedByDetails = false }: ProofKindFacts = proofKinds[kind]
  return { mostLive, isByDetails: isCountedByDetails }
}
