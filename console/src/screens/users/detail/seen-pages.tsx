import { Modal, Stack, VisuallyHidden } from '@mantine/core'
import type { EffectivePermission, User } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { Check, Minus } from 'lucide-react'
import { grantedQuery, inOrder } from '../../../access/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { navigation, useNavigationText } from '../../../shell/navigation.ts'
import { ErrorState, LoadingRows, nameOf, useCommonText } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'
import classes from './seen-pages.module.css'

interface SeenPagesProps {
  readonly user: User
  onClose(): void
}

/** The pages of the console, by the same gates as its menu, each with what the person may do there, or what is missing. */
export function SeenPages({ user, onClose }: SeenPagesProps) {
  const text = useUserText()
  const common = useCommonText()
  const { data, error, refetch } = useQuery(grantedQuery(user.id))
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      title={text('viewAsTitle', { name: nameOf(user) })}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {data === undefined && error === null && <LoadingRows count={6} />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Pages user={user} permissions={data.permissions} />}
    </Modal>
  )
}

interface PagesProps {
  readonly user: User
  readonly permissions: readonly EffectivePermission[]
}

function Pages({ user, permissions }: PagesProps) {
  const text = useUserText()
  const note = noteFor(user)
  const isOut = note === 'seesNothing' || note === 'seesNoConsole'
  const byResource = Map.groupBy(permissions, ({ resource }) => resource)
  return (
    <Stack gap="sm">
      {note !== undefined && <p className={classes.note}>{text(note)}</p>}
      <ul className={classes.pages} aria-label={text('pagesOfConsole')}>
        {navigation
          .flatMap(({ items }) => items)
          .map(({ to, label, permission }) => (
            <Page
              key={to}
              label={label}
              needed={permission}
              held={byResource.get(permission[0]) ?? []}
              isSuperuser={user.is_superuser}
              isOut={isOut}
            />
          ))}
      </ul>
    </Stack>
  )
}

/** What holds for every page alike. */
function noteFor({ is_active, is_staff, is_superuser }: User) {
  if (!is_active) return 'seesNothing'
  if (is_superuser) return 'seesAll'
  return is_staff ? undefined : 'seesNoConsole'
}

interface PageProps {
  readonly label: Parameters<ReturnType<typeof useNavigationText>>[0]
  readonly needed: readonly [resource: string, action: string]
  readonly held: readonly EffectivePermission[]
  readonly isSuperuser: boolean
  /** The account cannot enter the console at all. */
  readonly isOut: boolean
}

function Page({ label, needed, held, isSuperuser, isOut }: PageProps) {
  const text = useUserText()
  const names = useNavigationText()
  const format = useFormat()
  const gate = held.find(({ action }) => action === needed[1])
  const isSeen = !isOut && (isSuperuser || gate !== undefined)
  return (
    <li className={classes.page} data-seen={isSeen || undefined}>
      {isSeen ? <Check size={15} aria-hidden /> : <Minus size={15} aria-hidden />}
      <span className={classes.name}>
        {names(label)}
        <VisuallyHidden> ({text(isSeen ? 'isSeen' : 'isHidden')})</VisuallyHidden>
      </span>
      <span className={classes.why}>
        {isSuperuser || gate !== undefined ? (
          <code>{isSuperuser ? 'all' : format.list(inOrder(held.map(({ action }) => action)))}</code>
        ) : (
          <>
            {text('needs')} <code>{needed.join(':')}</code>
          </>
        )}
        {gate?.requires_aal !== undefined && !isSuperuser && ` · ${text('needsFactor')}`}
      </span>
    </li>
  )
}
