import type { ProfileChange, User, UserChange } from '@propusk/client'
import { defineMessages } from '../i18n/index.ts'

type TextIn<Body> = {
  [Field in keyof Body]-?: [NonNullable<Body[Field]>] extends [string] ? Field : never
}[keyof Body]

type OwnField = TextIn<ProfileChange>

/** The texts of an account that a form takes. */
export type AccountField = Exclude<TextIn<UserChange>, 'password'>

/** A type and not an interface: Mantine's forms take only records. */
export type AccountTexts = { readonly [Field in AccountField]: string }

/**
 * In the order of the page of the own account: what a browser fills in, whether the owner may change it, and
 * whether the list can be ordered by it.
 */
export const accountFieldDefinitions = {
  email: { autoComplete: 'email', isOwn: false, isOrdered: true },
  first_name: { autoComplete: 'given-name', isOwn: true, isOrdered: true },
  middle_name: { autoComplete: 'additional-name', isOwn: true, isOrdered: true },
  last_name: { autoComplete: 'family-name', isOwn: true, isOrdered: true },
  note: { autoComplete: 'off', isOwn: false, isOrdered: false },
} as const satisfies {
  readonly [Field in AccountField]: {
    readonly autoComplete: string
    readonly isOwn: Field extends OwnField ? true : false
    readonly isOrdered: boolean
  }
}

/** All of them but the address, which is shown in a way of its own everywhere. */
export const accountFields = Object.keys(accountFieldDefinitions).filter(
  (field): field is Exclude<AccountField, 'email'> => field !== 'email',
)

export const ownFields = accountFields.filter(
  (field): field is OwnField => accountFieldDefinitions[field].isOwn,
)

/** The account as a form begins with it. */
export const toAccountTexts = (account: Partial<Pick<User, AccountField>>): AccountTexts =>
  Object.fromEntries(
    Object.keys(accountFieldDefinitions).map(field => [field, account[field as AccountField] ?? '']),
  ) as AccountTexts

/** The fields of an account, by their names in the API. */
export const useAccountFieldText = defineMessages('account-fields', {
  en: {
    email: 'Email',
    first_name: 'First name',
    middle_name: 'Middle name',
    last_name: 'Last name',
    note: 'Note',
    noteHint: 'For administrators only; the user does not see it.',
  },
  ru: {
    email: 'Эл. почта',
    first_name: 'Имя',
    middle_name: 'Отчество',
    last_name: 'Фамилия',
    note: 'Заметка',
    noteHint: 'Только для администраторов; сам пользователь её не видит.',
  },
})
