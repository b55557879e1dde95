import { Button, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { EyeOff } from 'lucide-react'
import { useCommonText } from '../ui/messages.ts'
import { Permission } from '../ui/permission.tsx'
import { failureText } from '../ui/problem-text.ts'
import type { AccessChange } from './access-change.ts'
import classes from './blast-radius.module.css'
import { Effects } from './effects.tsx'
import { useAccessText } from './messages.ts'
import { useMayPreview, usePreview } from './use-preview.ts'

interface BlastRadiusProps {
  /** What is about to be done, in this order. An empty list changes nothing. */
  readonly changes: readonly AccessChange[]
}

/** Ticks that follow each other quickly are asked about once. */
const restMs = 200

/**
 * «Who gains and who loses what»: what changes would do to whom, asked of the server before anything is done. Stands in
 * confirm dialogs and above save buttons; brings its own heading and states, and needs nothing but the changes.
 */
export function BlastRadius({ changes }: BlastRadiusProps) {
  const text = useAccessText()
  return (
    <section className={classes.blast} aria-label={text('title')}>
      <p className={classes.title}>{text('title')}</p>
      <Answer changes={changes} />
    </section>
  )
}

function Answer({ changes }: BlastRadiusProps) {
  const text = useAccessText()
  const common = useCommonText()
  const mayPreview = useMayPreview()
  const [asked] = useDebouncedValue(changes, restMs)
  const { data, error, isPlaceholderData, refetch } = usePreview(asked)
  if (!mayPreview) return <NotPermitted />
  if (changes.length === 0) return <p className={classes.quiet}>{text('nobody')}</p>
  if (error !== null) {
    return (
      <div className={classes.quiet} role="alert">
        <p className={classes.line}>
          {text('failed')} {failureText(error, common)}
        </p>
        <Button size="compact-xs" variant="default" onClick={() => void refetch()}>
          {common('retry')}
        </Button>
      </div>
    )
  }
  if (data === undefined) {
    return (
      <div role="status" aria-label={common('loading')}>
        <Skeleton height={12} width="46%" my={4} />
      </div>
    )
  }
  return <Effects preview={data} isStale={isPlaceholderData || asked !== changes} />
}

function NotPermitted() {
  const text = useAccessText()
  return (
    <p className={classes.quiet}>
      <EyeOff size={14} aria-hidden className={classes.icon} />
      {text('hidden')} <Permission name="roles:read" /> {text('and')} <Permission name="users:read" />.
    </p>
  )
}
