import { Button, Skeleton } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import { CircleAlert, CloudOff, Inbox, Lock, SearchX } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { isUnreachable, reachesServer } from '../session/index.ts'
import { CopyText } from './copy-text.tsx'
import { useCommonText } from './messages.ts'
import classes from './states.module.css'

interface StateProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** Whether it stands for the whole page, and so is its heading. */
  readonly isPage?: boolean
}

function State({ icon, title, children, action, isPage = false }: StateProps) {
  const Title = isPage ? 'h1' : 'p'
  return (
    <div className={classes.state} data-page={isPage || undefined}>
      <span className={classes.icon}>{icon}</span>
      <Title className={classes.title}>{title}</Title>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action}
    </div>
  )
}

/** Nothing is there yet; says what would be, and how it comes. */
export function EmptyState({
  icon = <Inbox />,
  title,
  children,
  action,
  isPage = false,
}: Partial<StateProps>) {
  const text = useCommonText()
  return (
    <State icon={icon} isPage={isPage} title={title ?? text('emptyTitle')} action={action}>
      {children}
    </State>
  )
}

export function NoMatchState({ onClear }: { readonly onClear?: () => void }) {
  const text = useCommonText()
  return (
    <State
      icon={<SearchX />}
      title={text('noMatchTitle')}
      action={
        onClear && (
          <Button variant="default" onClick={onClear}>
            {text('clear')}
          </Button>
        )
      }
    >
      {text('noMatchHint')}
    </State>
  )
}

export function NoPermissionState({ permission }: { readonly permission: string }) {
  const text = useCommonText()
  return (
    <State icon={<Lock />} title={text('forbiddenTitle')} isPage>
      {text('forbiddenHint', { permission })}
    </State>
  )
}

interface FailureStateProps extends Omit<StateProps, 'icon'> {
  readonly icon?: ReactNode
}

/** Something that cannot be shown, read out at once. */
export const FailureState = ({ icon = <CircleAlert />, ...rest }: FailureStateProps) => (
  <div role="alert">
    <State icon={icon} {...rest} />
  </div>
)

/** Nothing is there: it was deleted, or the link is wrong. */
export function NotFoundState({ title, action }: Partial<Pick<StateProps, 'title' | 'action'>>) {
  const text = useCommonText()
  return (
    <FailureState icon={<SearchX />} title={title ?? text('notFoundTitle')} action={action}>
      {text('notFoundHint')}
    </FailureState>
  )
}

interface ErrorStateProps {
  readonly error: unknown
  readonly onRetry?: () => void
}

/** What went wrong, in the server's words where it has any, and with the id that stands in its log. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const text = useCommonText()
  const retry = onRetry && (
    <Button variant="default" onClick={onRetry}>
      {text('retry')}
    </Button>
  )
  if (isUnreachable(error)) return <UnreachableState onRetry={onRetry} />
  if (!(error instanceof ProblemError)) {
    return (
      <FailureState title={text('errorTitle')} action={retry}>
        <p>{text('unexpected')}</p>
        <code>{String(error)}</code>
      </FailureState>
    )
  }
  if (error.code === 'permission_denied') {
    return (
      <FailureState icon={<Lock />} title={text('forbiddenTitle')}>
        {error.detail}
      </FailureState>
    )
  }
  if (error.code === 'not_found') return <NotFoundState />
  // What was asked for stands in the address: nothing else on a page that only reads can be at fault.
  if (error.code === 'invalid_request') {
    return (
      <FailureState icon={<SearchX />} title={text('badAddressTitle')}>
        {Object.entries(error.errors).map(([field, messages]) => (
          <p key={field}>
            <code>{field}</code>: {messages.join(' ')}
          </p>
        ))}
      </FailureState>
    )
  }
  return (
    <FailureState title={text('errorTitle')} action={retry}>
      <p>{error.detail}</p>
      {error.instance !== undefined && (
        <p className="dim">
          {text('requestId')} <CopyText value={error.instance} />
        </p>
      )}
    </FailureState>
  )
}

const askAgainMs = 3_000

/** Asks by itself whether the server answers, and tries again then, as it says. */
function UnreachableState({ onRetry }: { readonly onRetry: (() => void) | undefined }) {
  const text = useCommonText()
  const retry = useEffectEvent(() => onRetry?.())
  useEffect(() => {
    const timer = setInterval(async () => {
      if (await reachesServer()) retry()
    }, askAgainMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <FailureState icon={<CloudOff />} title={text('errorTitle')}>
      {text(onRetry === undefined ? 'noServer' : 'unreachable')}
    </FailureState>
  )
}

/** Grey lines in the place of rows that are on their way. */
export function LoadingRows({ count = 8 }: { readonly count?: number }) {
  const text = useCommonText()
  return (
    <div className={classes.loading} role="status" aria-label={text('loading')}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never change places.
        <Skeleton key={index} height={14} width={`${88 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  )
}
