import { Tooltip } from '@mantine/core'
import { type Instant, useFormat } from '../i18n/index.ts'
import { useNow } from './use-now.ts'

/** «2 hours ago»; the exact instant under the pointer. */
export function Ago({ at }: { readonly at: Instant }) {
  const format = useFormat()
  const nowMs = useNow()
  return (
    <Tooltip label={format.exact(at)}>
      <time dateTime={new Date(at).toISOString()} className="number">
        {format.relative(at, nowMs)}
      </time>
    </Tooltip>
  )
}

/** The instant itself; how long ago under the pointer. */
export function At({ at, exact = false }: { readonly at: Instant; readonly exact?: boolean }) {
  const format = useFormat()
  const nowMs = useNow()
  return (
    <Tooltip label={format.relative(at, nowMs)}>
      <time dateTime={new Date(at).toISOString()} className="number">
        {exact ? format.exact(at) : format.dateTime(at)}
      </time>
    </Tooltip>
  )
}
