import { Tooltip } from '@mantine/core'
import { Laptop, Smartphone, Tablet, Terminal } from 'lucide-react'
import { describeDevice } from './describe-device.ts'
import classes from './device.module.css'
import { useCommonText } from './messages.ts'

const icons = { desktop: Laptop, phone: Smartphone, tablet: Tablet, program: Terminal } as const

/** A device as a person would call it, from what it calls itself. */
export function Device({
  userAgent,
  ipAddress,
}: {
  readonly userAgent: string
  readonly ipAddress?: string
}) {
  const text = useCommonText()
  const { kind, name } = describeDevice(userAgent)
  const Icon = icons[kind]
  return (
    <Tooltip label={userAgent || text('unknownDevice')} maw={420}>
      <span className={classes.device}>
        <Icon size={16} aria-hidden className={classes.icon} />
        <span className={classes.name}>{name || text('unknownDevice')}</span>
        {ipAddress !== undefined && <code className="dim">{ipAddress}</code>}
      </span>
    </Tooltip>
  )
}
