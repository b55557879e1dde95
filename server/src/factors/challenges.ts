import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock, EpochMs, Random } from '../kernel/index.ts'

/** How long a person may take to answer one. */
const challengeMs = 5 * 60_000

/** 128 bits, so that no two are the same; WebAuthn section 13.4.3 asks for 16 bytes. */
const nonceBytes = 16
const instantBytes = 6
const headBytes = nonceBytes + instantBytes
const macBytes = 32

/** A challenge that is genuine and in time, and is still to be used up. */
export interface AnsweredChallenge {
  readonly challenge: string
  readonly expiresAtMs: EpochMs
}

/**
 * Challenges for passkeys. One needs no row until it is answered: it says itself until when it may be, and a MAC binds it to
 * what it was made for, such as one sign-in (ADR 46). So no caller fills a table by asking, and each node knows those of others.
 */
export const createChallenges = ({
  key,
  random,
  clock,
}: {
  key: Uint8Array
  random: Random
  clock: Clock
}) => {
  const macOf = (head: Uint8Array, purpose: string): Buffer =>
    createHmac('sha256', key).update(head).update(purpose).digest()

  return {
    /** A new challenge, in base64url. */
    issue(purpose: string): string {
      const head = Buffer.alloc(headBytes)
      head.set(random.bytes(nonceBytes))
      head.writeUIntBE(clock.nowMs() + challengeMs, nonceBytes, instantBytes)
      return Buffer.concat([head, macOf(head, purpose)]).toString('base64url')
    },

    /** Undefined for one that is not ours, was made for something else, or is too old. */
    read(challenge: string, purpose: string): AnsweredChallenge | undefined {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== headBytes + macBytes || bytes.toString('base64url') !== challenge) return undefined
      const head = bytes.subarray(0, headBytes)
      if (!timingSafeEqual(macOf(head, purpose), bytes.subarray(headBytes))) return undefined
      const expiresAtMs = head.readUIntBE(nonceBytes, instantBytes)
      return expiresAtMs > clock.nowMs() ? { challenge, expiresAtMs } : undefined
    },
  }
}
