import { NullableText, Type } from '../http/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import type { SignedIn } from './accounts.ts'

const UserBriefBody = Type.Object(
  {
    id: Type.Integer(),
    email: Type.String(),
    first_name: NullableText,
    last_name: NullableText,
    middle_name: NullableText,
  },
  { $id: 'UserBrief' },
)

export const SignedInBody = Type.Object(
  { access: Type.String(), refresh: Type.String(), user: UserBriefBody },
  { $id: 'SignedIn' },
)

export const signedInExample = {
  ...tokenPairExample,
  user: {
    id: 52,
    email: 'anna.petrova@example.com',
    first_name: 'Анна',
    last_name: 'Петрова',
    middle_name: null,
  },
}

export const toSignedInBody = ({ access, refresh, user }: SignedIn) => ({
  access,
  refresh,
  user: {
    id: user.id,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    middle_name: user.middleName,
  },
})
