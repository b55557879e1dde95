import { Button, Skeleton } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import { CircleAlert, Inbox, Lock, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
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
    <div className={classes.state}>
      <span className={classes.icon}>{icon}</span>
      <Title className={classes.title}>{title}</Title>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action}
    </div>
  )
}

/** Nothing is there yet; says what would be, and how it comes. */
export function EmptyState({ title, children, action }: Partial<Omit<StateProps, 'icon'>>) {
  const text = useCommonText()
  return (
    <State icon={<Inbox />} title={title ?? text('emptyTitle')} action={action}>
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

/** What went wrong in the server's words, with the id that stands in its log. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const text = useCommonText()
  const problem = error instanceof ProblemError ? error : undefined
  const isForbidden = problem?.code === 'permission_denied'
  return (
    <div role="alert">
      <State
        icon={isForbidden ? <Lock /> : <CircleAlert />}
        title={isForbidden ? text('forbiddenTitle') : text('errorTitle')}
        action={
          onRetry &&
          !isForbidden && (
            <Button variant="default" onClick={onRetry}>
              {text('retry')}
            </Button>
          )
        }
      >
        <p>{problem?.detail ?? text('unreachable')}</p>
        {problem?.instance !== undefined && !isForbidden && (
          <p className="dim">
            {text('requestId')} <CopyText value={problem.instance} />
          </p>
        )}
      </State>
    </div>
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
