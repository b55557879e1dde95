export { aboutCode, codeExample, codeRoutes } from './code-routes.ts'
export type { SignedIn, SignInStores } from './login.ts'
export { login } from './login.ts'
export { assertLoginCode, type LoginCodeDeps, loginByCode } from './login-code.ts'
export { optionsRoutes } from './options-routes.ts'
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
export { makeRegistered, pendingOf } from './register-verified.ts'
export { RegistrationBody, registrationExample, toRegistration } from './registration-schemas.ts'
export {
  aboutPasskeyLogin,
  aboutSecondStep,
  BrowserLoginFactorBody,
  LoginBody,
  LoginFactorBody,
  LoginPasskeyBody,
  loginExample,
  loginFactorExample,
  loginPasskeyExample,
  SecondStepBody,
  signedInExample,
  signInRoutes,
  toPasskeySignIn,
  toSecondStepAttempt,
  toSecondStepBody,
  toUserBrief,
  UserBriefBody,
} from './routes.ts'
export { type SecondStepDeps, signInByFactor } from './second-step.ts'
export type { SecondStep } from './ticket.ts'
export { sqlTicketStore, type TicketStore } from './ticket-store.sql.ts'
export { verifiedRoute } from './verified-routes.ts'
