import type { User } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../../session/index.ts'
import { type Column, DataTable, NoMatchState, nameOf, useList } from '../../../ui/index.ts'
import { BulkBar } from '../bulk/bulk-bar.tsx'
import { useUser } from '../detail/use-user.ts'
import { useUsersText } from '../messages.ts'
import { useChosenUsers } from './use-chosen-users.ts'

interface UsersListProps {
  readonly columns: readonly Column<User>[]
  /** The id of the person who is open at the right. */
  readonly chosen: number | undefined
}

export function UsersList({ columns, chosen }: UsersListProps) {
  const text = useUsersText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/users' })
  const { create: _, ordering = 'id', ...narrowing } = useSearch({ from: '/console/users' })
  const list = useList('users', 'listUsers', { ...narrowing, ordering }, { counts: true })
  const { data: open } = useUser(chosen)
  const people = useChosenUsers(list.rows, JSON.stringify(narrowing))
  // Beside an open person there is no room for them, and one thing at a time is enough.
  const mayChoose = chosen === undefined && (may('users', 'update') || may('tokens', 'delete'))

  return (
    <>
      <DataTable
        label={text('title')}
        list={list}
        columns={columns}
        keyOf={user => user.id}
        nameOf={nameOf}
        chosen={chosen}
        chosenRow={open}
        highlightKind="users"
        ordering={ordering}
        onOrder={ordering => void navigate({ to: '.', search: old => ({ ...old, ordering }), replace: true })}
        onOpen={user =>
          void navigate({ to: '/console/users/$id', params: { id: String(user.id) }, search: true })
        }
        {...(mayChoose && { selection: people.selection })}
        countText={(count, isExact) => text(isExact ? 'count' : 'countMore', { count })}
        empty={<NoMatchState onClear={() => void navigate({ to: '.', search: {}, replace: true })} />}
      />
      {mayChoose && people.chosen.length > 0 && <BulkBar people={people.chosen} onClear={people.clear} />}
    </>
  )
}
