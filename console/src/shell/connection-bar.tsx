import { Button } from '@mantine/core'
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { defineMessages, useFormat } from '../i18n/index.ts'
import { retryLive, useLiveState } from '../live/index.ts'
import { useIsResting } from '../session/index.ts'
import classes from './connection-bar.module.css'

const useText = defineMessages('connection', {
  en: {
    lost: 'No connection to the server since {{time}}. What you see is from then; it updates automatically when the connection is back.',
    refused:
      'The server has sent no updates since {{time}}. What you see is from then: reload to see what is new.',
    retry: 'Try now',
  },
  ru: {
    lost: 'Нет связи с сервером с {{time}}. Вы видите данные на это время; они обновятся сами, когда связь восстановится.',
    refused:
      'Сервер не присылает обновлений с {{time}}. Вы видите данные на это время: перезагрузите страницу, чтобы увидеть новые.',
    retry: 'Повторить сейчас',
  },
})

/** A stream that comes back sooner, as when its token is renewed, is not worth a word. */
const graceMs = 2_500

/** Says above the page that what it shows may be old, and since when. */
export function ConnectionBar() {
  const text = useText()
  const format = useFormat()
  const live = useLiveState()
  // It waits for the person, and goes on as soon as they act.
  const isResting = useIsResting()
  const isLost = useIsLasting(live.status === 'lost' && !isResting, graceMs)
  return (
    <div role="status">
      {isLost && live.status === 'lost' && (
        <div className={classes.bar}>
          <CloudOff size={16} aria-hidden />
          <span className={classes.text}>
            {text(live.isRefused ? 'refused' : 'lost', { time: format.time(live.sinceMs) })}
          </span>
          <Button size="compact-xs" variant="default" onClick={retryLive}>
            {text('retry')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Whether something has been so for a while. */
function useIsLasting(isSo: boolean, forMs: number): boolean {
  const [isLasting, setLasting] = useState(false)
  useEffect(() => {
    if (!isSo) return setLasting(false)
    const timer = setTimeout(() => setLasting(true), forMs)
    return () => clearTimeout(timer)
  }, [isSo, forMs])
  return isLasting
}
