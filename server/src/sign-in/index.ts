export { aboutCode, codeExample, codeRoutes } from './code-routes.ts'
export { login, type SignedIn, type SignInStores } from './login.ts'
export { assertLoginCode, type LoginCodeDeps, loginByCode } from './login-code.ts'
export { optionsRoutes } from './options-routes.ts'
export { signInByPasskey } from './passkey-sign-in.ts'
export {
  assertRegistrationOpen,
  firstDeviceToken,
  openAccount,
  type RegisterDeps,
  type Registration,
  register,
  validateRegistration,
} from './register.ts'
export { makeRegistered, pendingOf } from './register-verified.ts'
export { signInRoutes } from './routes.ts'
export {
  aboutPasskeyLogin,
  aboutSecondStep,
  BrowserLoginFactorBody,
  LoginBody,
  LoginPasskeyBody,
  loginExample,
  loginFactorExample,
  loginPasskeyExample,
  RegistrationBody,
  registrationExample,
  SecondStepBody,
  signedInExample,
  toPasskeySignIn,
  toRegistration,
  toSecondStepAttempt,
  toSecondStepBody,
  toUserBrief,
  UserBriefBody,
} from './schemas.ts'
export { type SecondStepDeps, signInByFactor } from './second-step.ts'
export { sqlTicketStore, type TicketStore } from './ticket-store.sql.ts'
export { verifiedRoute } from './verified-routes.ts'
