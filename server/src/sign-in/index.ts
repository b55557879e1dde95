export type { SignedIn } from './accounts.ts'
export { login } from './login.ts'
export { assertRegistrationOpen, type RegisterDeps, register } from './register.ts'
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
