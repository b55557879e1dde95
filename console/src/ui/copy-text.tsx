import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import classes from './copy-text.module.css'
import { useCommonText } from './messages.ts'

/** An id, an address or a name of the API, in the letters of programs; a click copies it. */
export function CopyText({ value, shown = value }: { readonly value: string; readonly shown?: string }) {
  const text = useCommonText()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? text('copied') : `${text('copy')}: ${value}`}>
          <UnstyledButton
            className={classes.copy}
            onClick={event => {
              event.stopPropagation()
              copy()
            }}
            aria-label={`${text('copy')}: ${value}`}
          >
            <code>{shown}</code>
            {copied ? (
              <Check size={12} aria-hidden />
            ) : (
              <Copy size={12} aria-hidden className={classes.icon} />
            )}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}
