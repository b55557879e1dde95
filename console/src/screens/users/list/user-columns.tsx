import type { User } from '@propusk/client'
import { useMemo } from 'react'
import {
  type AccountField,
  Ago,
  accountFieldDefinitions,
  accountFields,
  type Column,
  CopyText,
  Person,
  Status,
  useAccountFieldText,
  useCommonText,
} from '../../../ui/index.ts'
import { useUsersText } from '../messages.ts'
import { RoleBadges, StaffBadge } from './role-badges.tsx'

/** The columns that are shown until somebody chooses others. */
export const columnsAtFirst: readonly string[] = ['state', 'roles', 'last_login', 'date_joined']

/** Every column that the list of users can show; who it is comes first. */
export function useUserColumns(): readonly [Column<User>, ...Column<User>[]] {
  const text = useUsersText()
  const common = useCommonText()
  const fieldText = useAccountFieldText()
  return useMemo(
    () => [
      {
        id: 'person',
        header: text('person'),
        width: 'minmax(220px, 2fr)',
        ordering: 'email',
        cell: user => <Person person={user} />,
      },
      {
        id: 'state',
        header: text('state'),
        width: '136px',
        ordering: 'is_active',
        cell: user => <UserState user={user} />,
      },
      {
        id: 'roles',
        header: text('roles'),
        width: 'minmax(190px, 2fr)',
        cell: user => <RoleBadges user={user} />,
      },
      {
        id: 'last_login',
        header: text('lastLogin'),
        width: '150px',
        ordering: 'last_login',
        cell: lastLogin,
      },
      {
        id: 'date_joined',
        header: text('joined'),
        width: '130px',
        ordering: 'date_joined',
        cell: ({ date_joined }) => <Ago at={date_joined} />,
      },
      {
        id: 'updated_at',
        header: text('updated'),
        width: '130px',
        ordering: 'updated_at',
        cell: ({ updated_at }) => <Ago at={updated_at} />,
      },
      {
        id: 'id',
        header: text('id'),
        width: '90px',
        ordering: 'id',
        cell: ({ id }) => <CopyText value={String(id)} />,
      },
      ...accountFields.map(field => textColumn(field, fieldText(field))),
      {
        id: 'is_staff',
        header: common('staff'),
        width: '120px',
        ordering: 'is_staff',
        cell: ({ is_staff }) => is_staff && <StaffBadge />,
      },
    ],
    [text, common, fieldText],
  )
}

/** On a phone, until somebody chooses otherwise: who it is, and whether the account is open. */
export function usePhoneColumns(): readonly Column<User>[] {
  const [person, state] = useUserColumns()
  return [
    { ...person, width: 'minmax(130px, 1fr)' },
    { ...state!, width: '116px' },
  ]
}

const textColumn = (field: AccountField, header: string): Column<User> => ({
  id: field,
  header,
  width: 'minmax(120px, 1fr)',
  ...(accountFieldDefinitions[field].isOrdered && { ordering: field }),
  cell: user => user[field] ?? <span className="dim">–</span>,
})

const lastLogin = ({ last_login }: User) => <LastLogin at={last_login} />

export function LastLogin({ at }: { readonly at: string | null }) {
  const common = useCommonText()
  return at === null ? <span className="dim">{common('never')}</span> : <Ago at={at} />
}

export function UserState({ user }: { readonly user: Pick<User, 'is_active'> }) {
  const common = useCommonText()
  return user.is_active ? (
    <Status tone="good">{common('active')}</Status>
  ) : (
    <Status tone="quiet">{common('deactivated')}</Status>
  )
}
