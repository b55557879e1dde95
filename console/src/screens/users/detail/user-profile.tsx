import type { User } from '@propusk/client'
import { Ago, At, accountFields, Fact, Facts, Section, useAccountFieldText } from '../../../ui/index.ts'
import { LastLogin } from '../list/user-columns.tsx'
import { useUsersText } from '../messages.ts'
import { useUserText } from './messages.ts'

const names = ['first_name', 'middle_name', 'last_name'] as const
const others = accountFields.filter(field => !(names as readonly string[]).includes(field))

export function UserProfile({ user }: { readonly user: User }) {
  const text = useUserText()
  const users = useUsersText()
  const fieldText = useAccountFieldText()
  const fullName = names
    .map(name => user[name])
    .filter(Boolean)
    .join(' ')
  const none = <span className="dim">–</span>
  return (
    <Section title={text('profile')}>
      <Facts>
        <Fact name={text('fullName')}>{fullName || none}</Fact>
        {others.map(field => (
          <Fact key={field} name={fieldText(field)}>
            {user[field] === null ? none : <span style={{ whiteSpace: 'pre-line' }}>{user[field]}</span>}
          </Fact>
        ))}
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
