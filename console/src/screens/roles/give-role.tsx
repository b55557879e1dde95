import { Button, Group, Modal, Stack } from '@mantine/core'
import { ProblemError, type Role, type User } from '@propusk/client'
import { useMemo, useState } from 'react'
import { type AccessChange, BlastRadius, changeRoles, useRefresh } from '../../access/index.ts'
import { nameOf, PersonPicker, ProblemNote, tellDone, useCommonText } from '../../ui/index.ts'
import { useHolderText } from './holder-messages.ts'

interface GiveRoleProps {
  readonly role: Role
  onClose(): void
}

/** Gives the role to one more person, once it is plain what that person gains by it. */
export function GiveRole({ role, onClose }: GiveRoleProps) {
  const text = useHolderText()
  const common = useCommonText()
  const refresh = useRefresh()
  const [person, setPerson] = useState<User>()
  const [isUnderWay, setUnderWay] = useState(false)
  const [problem, setProblem] = useState<ProblemError | 'unreachable'>()
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
    setUnderWay(true)
    try {
      await change(id, 'give')
      onClose()
      tellDone(text('given', { role: role.name, person: nameOf(named) }), { undo: () => change(id, 'take') })
    } catch (error) {
      setProblem(error instanceof ProblemError ? error : 'unreachable')
    } finally {
      setUnderWay(false)
    }
  }

  return (
    <Modal
      opened
      onClose={() => !isUnderWay && onClose()}
      title={text('giveTitle', { role: role.name })}
      closeButtonProps={{ 'aria-label': common('close') }}
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
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={onClose} disabled={isUnderWay}>
              {common('cancel')}
            </Button>
            <Button type="submit" disabled={person === undefined} loading={isUnderWay}>
              {text('giveVerb')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
