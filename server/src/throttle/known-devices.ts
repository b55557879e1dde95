import { createHash } from 'node:crypto'
import { networkOf } from '../addresses/index.ts'
import type { EpochMs, Origin, UserId } from '../kernel/index.ts'

/** Where an account has been signed in from. */
export interface KnownDevices {
  /**
   * From where the newest sessions of the account began, ended ones too, each place once. Nothing for nobody, at the
   * cost of the same question: who is known must not show in the time.
   */
  listOrigins(userId: UserId | undefined, sinceMs: EpochMs): Promise<readonly Origin[]>
}

/** How long a device that has not signed in again is remembered. */
export const rememberDevicesMs = 90 * 86_400_000

/** Whether the account signed in from this very browser before, or at least from this network. */
export function recognise(origins: readonly Origin[], presented: Origin): 'device' | 'network' | undefined {
  const network = networkOf(presented.ipAddress)
  const near = origins.filter(origin => networkOf(origin.ipAddress) === network)
  if (near.length === 0 || network === 'unknown') return undefined
  return near.some(({ userAgent }) => userAgent === presented.userAgent) ? 'device' : 'network'
}

/** The user agent is the client's to choose and may be long: a part of its hash names it as well. */
export const userAgentMark = (userAgent: string): string =>
  createHash('sha256').update(userAgent).digest('hex').slice(0, 16)
