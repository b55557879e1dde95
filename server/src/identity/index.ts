export { accountRoutes } from './account-routes.ts'
export type {
  Acting,
  AdministrationStores,
  CreateUserDeps,
  UpdateUserDeps,
  UserWithRoles,
} from './administration.ts'
export { createUser, type NewAccount } from './create-user.ts'
export { type EmailAddress, parseEmail } from './email-address.ts'
export { judgeNewAccount } from './judge-new-account.ts'
export { type LeakedPasswords, loadLeakedPasswords } from './leaked-passwords.ts'
export { createPasswordHasher, type PasswordHasher } from './password-hasher.ts'
export { isSamePassword, judgeNewPassword, normalisePassword } from './password-policy.ts'
export { deactivateUser, type UserUpdate, updateUser } from './update-user.ts'
export { type Names, type NewUser, namesOf, type User, type UserChanges } from './user.ts'
export { userRoutes } from './user-routes.ts'
export { sqlUserStore } from './user-store.sql.ts'
export type { UserColumn, UserFilter, UserStore } from './user-store.ts'
