import { CopyButton, UnstyledButton } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import classes from './copy-text.module.css'
import { useCommonText } from './messages.ts'

/**
 * An id, an address or a name of the API, in the letters of programs; a click copies it. Its hint is the browser's own: a
 * tooltip would bring 25 KB to the first screen, where errors have an id to copy.
 */
export function CopyText({ value, shown = value }: { readonly value: string; readonly shown?: string }) {
  const text = useCommonText()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <UnstyledButton
          className={classes.copy}
          onClick={event => {
            event.stopPropagation()
            copy()
          }}
          title={`${text('copy')}: ${value}`}
          aria-label={`${text('copy')}: ${value}`}
        >
          <code>{shown}</code>
          {copied ? (
            <Check size={12} role="img" aria-label={text('copied')} />
          ) : (
            <Copy size={12} aria-hidden className={classes.icon} />
          )}
        </UnstyledButton>
      )}
    </CopyButton>
  )
}
