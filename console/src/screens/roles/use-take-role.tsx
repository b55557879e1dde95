import { Stack } from '@mantine/core'
import type { Role, User } from '@propusk/client'
import { BlastRadius, changeRoles, useRefresh } from '../../access/index.ts'
import { confirm, nameOf, notifyDone } from '../../ui/index.ts'
import { useHolderText } from './holder-messages.ts'

/** Asks before a role is taken away from somebody, and shows what they would lose by it. */
export function useTakeRole(role: Role): (user: User) => void {
  const text = useHolderText()
  const refresh = useRefresh()
  return user => {
    const names = { role: role.name, person: nameOf(user) }
    const change = async (what: 'give' | 'take') => {
      await changeRoles(user.id, { [what]: role.code_name })
      await refresh('users', 'access')
    }
    confirm({
      title: text('takeFromTitle', names),
      body: (
        <Stack gap="sm">
          {text('takeFromBody')}
          <BlastRadius changes={[{ kind: 'take_role', user_id: user.id, role: role.code_name }]} />
        </Stack>
      ),
      verb: text('takeFromVerb'),
      async act() {
        await change('take')
        notifyDone(text('takeDone', names), { undo: () => change('give') })
      },
    })
  }
}
