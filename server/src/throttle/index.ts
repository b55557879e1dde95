export {
  createDeviceTokens,
  type DeviceAccount,
  type DeviceTokens,
  deviceTokenLifeMs,
} from './device-token.ts'
export type { ChargedGuess } from './guess.ts'
export { throttleRoutes } from './routes.ts'
export { forgetMsByKind, type ThrottleSettings, throttleRules } from './rules.ts'
export { createThrottle, type Throttle } from './throttle.ts'
export { sqlThrottleStore } from './throttle-store.sql.ts'
export type { ThrottleStore } from './throttle-store.ts'
