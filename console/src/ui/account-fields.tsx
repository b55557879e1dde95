import { TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import type { ProfileChange, User, UserChange } from '@propusk/client'
import { useAccountFieldText } from './account-field-messages.ts'

type TextIn<Body> = {
  [Field in keyof Body]-?: [NonNullable<Body[Field]>] extends [string] ? Field : never
}[keyof Body]

type OwnField = TextIn<ProfileChange>

/** The texts of an account that a form takes. */
export type AccountField = Exclude<TextIn<UserChange>, 'password'>

/** A type and not an interface: Mantine's forms take only records. */
export type AccountTexts = { readonly [Field in AccountField]: string }

/** In the order of the page of the own account: what a browser fills in, and whether the owner may change it. */
const definitions = {
  email: { autoComplete: 'email', isOwn: false },
  first_name: { autoComplete: 'given-name', isOwn: true },
  middle_name: { autoComplete: 'additional-name', isOwn: true },
  last_name: { autoComplete: 'family-name', isOwn: true },
} as const satisfies {
  readonly [Field in AccountField]: {
    readonly autoComplete: string
    readonly isOwn: Field extends OwnField ? true : false
  }
}

/** All of them but the address, which is shown in a way of its own everywhere. */
export const accountFields = Object.keys(definitions).filter(
  (field): field is Exclude<AccountField, 'email'> => field !== 'email',
)

export const ownFields = accountFields.filter((field): field is OwnField => definitions[field].isOwn)

/** The account as a form begins with it. */
export const toAccountTexts = (account: Partial<Pick<User, AccountField>>): AccountTexts =>
  Object.fromEntries(
    Object.keys(definitions).map(field => [field, account[field as AccountField] ?? '']),
  ) as AccountTexts

interface AccountInputProps {
  readonly field: AccountField
  readonly input: GetInputPropsReturnType
  /** In a form about another account the browser's own data are of no use. */
  readonly isOwn?: boolean
}

export function AccountInput({ field, input, isOwn = false }: AccountInputProps) {
  const text = useAccountFieldText()
  const autoComplete = isOwn ? definitions[field].autoComplete : 'off'
  return <TextInput {...input} label={text(field)} autoComplete={autoComplete} />
}
