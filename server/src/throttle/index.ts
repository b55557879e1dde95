export {
  createDeviceTokens,
  type DeviceAccount,
  type DeviceTokens,
} from './device-token.ts'
export { refillMsByKind, type ThrottleSettings, throttleLimits } from './limits.ts'
export { throttleRoutes } from './routes.ts'
export { type SignInAttempt, Throttle, type ThrottleStores } from './throttle.ts'
export { type ThrottleStore, throttleStore } from './throttle-store.sql.ts'
