import type { Core } from '../../server/src/core.ts'
import { systemRandom } from '../../server/src/kernel/index.ts'
import { createDeviceTokens, Throttle, throttleLimits } from '../../server/src/throttle/index.ts'

/** The settings with which nobody has to wait: for tests that sign in as often as they can. */
export const unthrottled = {
  PROPUSK_GUESSES_PER_ACCOUNT: 'off',
  PROPUSK_GUESSES_PER_ADDRESS: 'off',
  PROPUSK_GUESSES_PER_PASSWORD: 'off',
  PROPUSK_LIMIT_REGISTRATION: 'off',
  PROPUSK_LIMIT_PASSWORD_CHANGE: 'off',
  PROPUSK_LIMIT_MAIL: 'off',
  PROPUSK_LIMIT_MAIL_NETWORK: 'off',
  PROPUSK_LIMIT_MAIL_TOTAL: 'off',
  PROPUSK_LIMIT_CODES: 'off',
} as const

/** The throttle that a server on this core has, for tests of use cases without HTTP. */
export const throttleOf = ({
  config,
  transaction,
  clock,
}: Pick<Core, 'config' | 'transaction' | 'clock'>): Throttle =>
  new Throttle({
    clock,
    transaction,
    limits: throttleLimits(config),
    fingerprintKey: new Uint8Array(32),
  })

/** Device tokens by a key of the tests. */
export const testDeviceTokens = () => createDeviceTokens(new Uint8Array(32), systemRandom)
