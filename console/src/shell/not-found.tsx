import { defineMessages } from '../i18n/index.ts'
import { LinkButton } from '../ui/link.tsx'
import { EmptyState } from '../ui/states.tsx'

const useText = defineMessages('not-found', {
  en: { title: 'There is no page at this address', home: 'To the overview' },
  ru: { title: 'По этому адресу страницы нет', home: 'К обзору' },
})

export function NotFound() {
  const text = useText()
  return (
    <EmptyState
      title={text('title')}
      action={
        <LinkButton to="/console" variant="default">
          {text('home')}
        </LinkButton>
      }
    />
  )
}
