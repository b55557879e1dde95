import type { Core } from '../../server/src/core.ts'
import { createThrottle, type Throttle, throttleRules } from '../../server/src/throttle/index.ts'

/** The settings with which nobody has to wait: for tests that sign in as often as they can. */
export const unthrottled = {
  PROPUSK_GUESSES_PER_ACCOUNT: 'off',
  PROPUSK_GUESSES_PER_ADDRESS: 'off',
  PROPUSK_GUESSES_PER_PASSWORD: 'off',
  PROPUSK_LIMIT_REGISTRATION: 'off',
  PROPUSK_LIMIT_PASSWORD_CHANGE: 'off',
} as const

/** The throttle that a server on this core has, for tests of use cases without HTTP. */
export const throttleOf = ({
  config,
  stores,
  transaction,
  clock,
}: Pick<Core, 'config' | 'stores' | 'transaction' | 'clock'>): Throttle =>
  createThrottle({
    clock,
    transaction,
    devices: stores.devices,
    rules: throttleRules(config),
    markKey: new Uint8Array(32),
  })
