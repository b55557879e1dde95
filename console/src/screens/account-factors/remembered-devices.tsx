import { Button } from '@mantine/core'
import type { RememberedDevice } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api } from '../../session/index.ts'
import { confirm, Device, describeDevice, ErrorState, notifyDone, Section, useNow } from '../../ui/index.ts'
import classes from '../account/account.module.css'
import { useFactorsText } from './messages.ts'

/** Browsers that a sign-in does not ask for the second factor; nothing where there is none. */
export function RememberedDevices() {
  const text = useFactorsText()
  const queries = useQueryClient()
  const devices = useQuery({
    queryKey: ['factors', 'remembered'],
    queryFn: ({ signal }) => api.call('listRememberedDevices', { signal }),
  })
  const reload = () => queries.invalidateQueries({ queryKey: ['factors', 'remembered'] })
  const forgetAll = () =>
    confirm({
      title: text('forgetAll'),
      body: text('forgetBody'),
      verb: text('forget'),
      async act() {
        await api.call('forgetRememberedDevices')
        await reload()
        notifyDone(text('forgotten'))
      },
    })
  if (devices.isError) return <ErrorState error={devices.error} onRetry={() => void devices.refetch()} />
  if (devices.data === undefined || devices.data.length === 0) return null
  return (
    <Section title={text('remembered')}>
      <p>{text('rememberedLead')}</p>
      <ul className={classes.devices}>
        {devices.data.map(device => (
          <DeviceRow key={device.id} device={device} onForgotten={reload} />
        ))}
      </ul>
      <div className={classes.toolbar}>
        <Button variant="default" onClick={forgetAll}>
          {text('forgetAll')}
        </Button>
      </div>
    </Section>
  )
}

interface DeviceRowProps {
  readonly device: RememberedDevice
  readonly onForgotten: () => Promise<void>
}

function DeviceRow({ device, onForgotten }: DeviceRowProps) {
  const text = useFactorsText()
  const format = useFormat()
  const nowMs = useNow()
  const { id, user_agent, ip_address, created_at, last_used_at, expires_at } = device
  const name = describeDevice(user_agent ?? '').name || ip_address || text('unknownDevice')
  const when = (at: string) => ({ when: format.relative(at, nowMs) })
  const forget = () =>
    confirm({
      title: text('forgetTitle', { name }),
      body: text('forgetBody'),
      verb: text('forget'),
      async act() {
        await api.call('forgetRememberedDevice', { params: { id } })
        await onForgotten()
        notifyDone(text('forgotten'))
      },
    })
  return (
    <li className={classes.device}>
      <div className={classes.about}>
        <Device userAgent={user_agent ?? ''} ipAddress={ip_address ?? ''} />
        <div className={classes.when}>
          {text('added', when(created_at))} ·{' '}
          {last_used_at === null ? text('neverUsed') : text('used', when(last_used_at))} ·{' '}
          {text('rememberedUntil', when(expires_at))}
        </div>
      </div>
      <Button variant="default" size="xs" aria-label={text('forgetTitle', { name })} onClick={forget}>
        {text('forget')}
      </Button>
    </li>
  )
}
