import { Stack } from '@mantine/core'
import type { Role, User } from '@propusk/client'
import { useMemo, useState } from 'react'
import { type AccessChange, BlastRadius, changeRoles, useRefresh } from '../../access/index.ts'
import { FormButtons, FormModal, nameOf, notifyDone, PersonPicker, ProblemNote } from '../../ui/index.ts'
import { useHolderText } from './holder-messages.ts'

interface GiveRoleProps {
  readonly role: Role
  onClose(): void
}

/** Gives the role to one more person, once it is plain what that person gains by it. */
export function GiveRole({ role, onClose }: GiveRoleProps) {
  const text = useHolderText()
  const refresh = useRefresh()
  const [person, setPerson] = useState<User>()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const changes = useMemo(
    (): readonly AccessChange[] =>
      person === undefined ? [] : [{ kind: 'give_role', user_id: person.id, role: role.code_name }],
    [person, role.code_name],
  )

  const change = async (userId: number, what: 'give' | 'take') => {
    await changeRoles(userId, { [what]: role.code_name })
    await refresh('users', 'access')
  }
  const give = async ({ id, ...named }: User) => {
    setProblem(undefined)
    setBusy(true)
    try {
      await change(id, 'give')
      onClose()
      notifyDone(text('given', { role: role.name, person: nameOf(named) }), {
        undo: () => change(id, 'take'),
      })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <FormModal
      isChanged={person !== undefined}
      isBusy={isBusy}
      onClose={onClose}
      title={text('giveTitle', { role: role.name })}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (person !== undefined) void give(person)
        }}
      >
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <PersonPicker
            label={text('person')}
            nobody={text('nobodyFound')}
            isOffered={user => !user.roles.includes(role.code_name)}
            chosen={person}
            onChoose={setPerson}
          />
          {person !== undefined && <BlastRadius changes={changes} />}
          <FormButtons
            submitText={text('giveVerb')}
            isBusy={isBusy}
            canSubmit={person !== undefined}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </FormModal>
  )
}
