import { SimpleGrid, Switch } from '@mantine/core'
import type { User } from '@propusk/client'
import type { WithVersion } from '../../../session/index.ts'
import { confirm, nameOf, notifyDone, Section, useCommonText } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'
import { useChangeUser } from './use-user.ts'

/** What only a superuser can give: everything, or the way into the console. Asked about before it is done. */
export function UserFlags({ user }: { readonly user: WithVersion<User> }) {
  const text = useUserText()
  const common = useCommonText()
  const change = useChangeUser(user.id)
  const name = nameOf(user)

  const ask = (flag: 'is_superuser' | 'is_staff') => {
    const isGiven = !user[flag]
    const words = isGiven ? (`${flag}_give` as const) : (`${flag}_take` as const)
    confirm({
      title: text(`${words}_title`, { name }),
      body: text(`${words}_means`),
      verb: text(isGiven ? 'give' : 'takeAway'),
      act: async () => {
        const { etag } = await change({ [flag]: isGiven }, user.etag)
        notifyDone(text('changed', { name }), { undo: () => change({ [flag]: !isGiven }, etag) })
      },
    })
  }

  return (
    <Section title={text('grants')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
        <Switch
          label={common('superuser')}
          description={text('superuserHint')}
          checked={user.is_superuser}
          onChange={() => ask('is_superuser')}
        />
        <Switch
          label={common('staff')}
          description={text('staffHint')}
          checked={user.is_staff}
          onChange={() => ask('is_staff')}
        />
      </SimpleGrid>
    </Section>
  )
}
