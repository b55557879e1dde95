import { Button, CopyButton } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { ScrollAcross, useCommonText } from '../../ui/index.ts'
import classes from './start.module.css'

interface CodeBlockProps {
  /** What a file with it is called. */
  readonly name: string
  readonly code: string
}

/** Code to take away whole. */
export function CodeBlock({ name, code }: CodeBlockProps) {
  const text = useCommonText()
  return (
    <div className={classes.block}>
      <div className={classes.blockHead}>
        <code>{name}</code>
        <CopyButton value={code} timeout={1500}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={copied ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden />}
              onClick={copy}
            >
              {copied ? text('copied') : text('copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      <ScrollAcross label={name}>
        <pre className={classes.code}>
          <code>{code}</code>
        </pre>
      </ScrollAcross>
    </div>
  )
}
