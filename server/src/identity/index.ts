export {
  initialFields,
  type NewUser,
  type OwnFields,
  ownTexts,
  pickOwnFields,
  type User,
} from './account-fields.ts'
export { accountRoutes } from './account-routes.ts'
export { newPasswordRules, registrationRules, textRules } from './account-schemas.ts'
export { ownBodyFields, toOwnChanges, toOwnFields } from './body-schemas.ts'
export { createUser } from './create-user.ts'
export type { StoredAccount } from './credentials.sql.ts'
export { parseEmail, parseKnownEmail } from './email-address.ts'
export { eraseUser } from './erase-user.ts'
export { type LeakedPasswords, loadLeakedPasswords } from './leaked-passwords.ts'
export { isArgon2Native } from './password-hash.ts'
export { createPasswordHasher, type PasswordHasher } from './password-hasher.ts'
export {
  comparablePassword,
  passwordPolicyOf,
  unusablePassword,
} from './password-policy.ts'
export { type ProfileDeps, readProfile } from './read-profile.ts'
export {
  EmailField,
  ownExample,
  PasswordField,
  ProfileBody,
  profileExample,
  RolesField,
  shownOwnFields,
  toProfileBody,
  toShownOwn,
} from './schemas.ts'
export { deactivateUser, updateUser } from './update-user.ts'
export { userRoutes } from './user-routes.ts'
export { sqlUserStore, type UserStore } from './user-store.sql.ts'
export {
  acceptedEmail,
  assertNewPassword,
  assertUntaken,
  emailTaken,
  validateNewAccount,
  validateNewEmail,
  validatePerson,
  validateRepetition,
} from './validate-account.ts'
