import type { User } from '@propusk/client'
import { Ago, At, Fact, Facts, Section } from '../../../ui/index.ts'
import { LastLogin } from '../list/user-columns.tsx'
import { useUsersText } from '../words.ts'
import { useUserText } from './words.ts'

export function UserProfile({ user }: { readonly user: User }) {
  const text = useUserText()
  const users = useUsersText()
  const names = [user.first_name, user.middle_name, user.last_name].filter(Boolean).join(' ')
  const none = <span className="dim">–</span>
  return (
    <Section title={text('profile')}>
      <Facts>
        <Fact name={text('fullName')}>{names || none}</Fact>
        <Fact name={users('joined')}>
          <At at={user.date_joined} />
        </Fact>
        <Fact name={users('lastLogin')}>
          <LastLogin at={user.last_login} />
        </Fact>
        <Fact name={users('updated')}>
          <Ago at={user.updated_at} />
        </Fact>
      </Facts>
    </Section>
  )
}
