export type { SignedIn, SignInStores } from './login.ts'
export { login } from './login.ts'
export { signInByPasskey } from './passkey-sign-in.ts'
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
  aboutPasskeyLogin,
  aboutSecondStep,
  LoginBody,
  LoginFactorBody,
  LoginPasskeyBody,
  loginExample,
  loginFactorExample,
  loginPasskeyExample,
  RegistrationBody,
  registrationExample,
  SecondStepBody,
  signedInExample,
  signInRoutes,
  toPasskeySignIn,
  toRegistration,
  toSecondStepAttempt,
  toSecondStepBody,
  toUserBrief,
  UserBriefBody,
} from './routes.ts'
export { type SecondStepDeps, signInByFactor } from './second-step.ts'
export type { SecondStep } from './ticket.ts'
export { sqlTicketStore, type TicketStore } from './ticket-store.sql.ts'
