export type { SignedIn, SignInStores } from './accounts.ts'
export { login } from './login.ts'
export {
  assertRegistrationOpen,
  assertUntaken,
  judgeRegistration,
  openAccount,
  type RegisterDeps,
  type Registration,
  register,
} from './register.ts'
export { signInRoutes } from './routes.ts'
export {
  LoginBody,
  loginExample,
  RegistrationBody,
  registrationExample,
  signedInExample,
  toRegistration,
  toUserBrief,
  UserBriefBody,
} from './schemas.ts'
