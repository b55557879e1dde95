import { Tooltip } from '@mantine/core'
import { Lock } from 'lucide-react'
import classes from './catalogue.module.css'
import { useCatalogueText } from './messages.ts'

/** Marks what the server itself rests on. */
export function BuiltInBadge() {
  const text = useCatalogueText()
  return (
    <Tooltip label={text('builtIn')}>
      <span className={classes.lock} role="img" aria-label={text('builtIn')}>
        <Lock size={12} aria-hidden />
      </span>
    </Tooltip>
  )
}
