export type { SignedIn, SignInStores } from './login.ts'
export { login } from './login.ts'
export {
  assertRegistrationOpen,
  assertUntaken,
  firstDeviceToken,
  openAccount,
  type RegisterDeps,
  type Registration,
  register,
  validateRegistration,
} from './register.ts'
export {
  LoginBody,
  loginExample,
  RegistrationBody,
  registrationExample,
  signedInExample,
  signInRoutes,
  toRegistration,
  toUserBrief,
  UserBriefBody,
} from './routes.ts'
