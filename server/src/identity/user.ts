import type { EpochMs, UserId } from '../kernel/index.ts'

export interface Names {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly middleName: string | null
}

/** An account. Its password hash is never part of it: what is not here cannot leak into an answer. */
export interface User extends Names {
  readonly id: UserId
  readonly email: string
  readonly isActive: boolean
  readonly isStaff: boolean
  readonly isSuperuser: boolean
  readonly dateJoinedMs: EpochMs
  readonly lastLoginMs: EpochMs | null
  readonly updatedAtMs: EpochMs
}

export interface NewUser extends Names {
  readonly email: string
  readonly passwordHash: string
  readonly isActive: boolean
  readonly isStaff: boolean
  readonly isSuperuser: boolean
}

/** What can be changed of an account once it exists; absent fields stay as they are. */
export type UserChanges = Partial<Omit<User, 'id' | 'dateJoinedMs' | 'lastLoginMs' | 'updatedAtMs'>>

export const namesOf = ({ firstName, lastName, middleName }: Names): readonly (string | null)[] => [
  firstName,
  lastName,
  middleName,
]
