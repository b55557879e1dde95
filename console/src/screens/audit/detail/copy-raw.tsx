import { Button, CopyButton } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useCommonText } from '../../../ui/index.ts'

/** Copies an event as the API gives it. */
export function CopyRaw({ value }: { readonly value: string }) {
  const text = useCommonText()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => {
        const Icon = copied ? Check : Copy
        return (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<Icon size={12} aria-hidden />}
            onClick={copy}
          >
            {text(copied ? 'copied' : 'copy')}
          </Button>
        )
      }}
    </CopyButton>
  )
}
