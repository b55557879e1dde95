import { Button } from '@mantine/core'
import type { OwnSession } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api, leaveBy } from '../../session/index.ts'
import {
  confirm,
  Device,
  describeDevice,
  ErrorState,
  LoadingRows,
  notifyDone,
  Page,
  Status,
  useNow,
} from '../../ui/index.ts'
import classes from './account.module.css'
import { useAccountText } from './messages.ts'

/** Where one is signed in. Whoever lost a phone ends its session here. */
export function DevicesScreen() {
  const text = useAccountText()
  const sessions = useQuery({
    queryKey: ['sessions', 'own'],
    queryFn: ({ signal }) => api.call('listOwnSessions', { signal }),
    // Others may end or begin meanwhile, and not every client learns of it by the stream.
    refetchInterval: 20_000,
  })
  return (
    <Page title={text('devices')} lead={text('devicesLead')}>
      {sessions.isPending && <LoadingRows count={3} />}
      {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.data !== undefined && <Devices sessions={sessions.data} />}
    </Page>
  )
}

function Devices({ sessions }: { readonly sessions: readonly OwnSession[] }) {
  const text = useAccountText()
  const end = useEnd()
  const ordered = sessions.toSorted(
    (a, b) =>
      Number(b.is_current) - Number(a.is_current) ||
      b.last_used_at.localeCompare(a.last_used_at) ||
      b.id - a.id,
  )
  const others = sessions.filter(session => !session.is_current)
  return (
    <>
      {others.length > 0 && (
        <div className={classes.above}>
          <Button variant="default" onClick={() => end.others(others)}>
            {text('endOthers')}
          </Button>
        </div>
      )}
      <ul className={classes.devices}>
        {ordered.map(session => (
          <DeviceRow key={session.id} session={session} onEnd={() => end.one(session)} />
        ))}
      </ul>
      <div className={classes.toolbar}>
        <Button variant="default" c="var(--bad)" onClick={() => end.everywhere(sessions.length)}>
          {text('endEverywhere')}
        </Button>
      </div>
    </>
  )
}

function DeviceRow({ session, onEnd }: { readonly session: OwnSession; onEnd(): void }) {
  const text = useAccountText()
  const format = useFormat()
  const nowMs = useNow()
  const when = (at: string) => ({ when: format.relative(at, nowMs) })
  return (
    <li className={classes.device}>
      <div className={classes.about}>
        <Device userAgent={session.user_agent} ipAddress={session.ip_address} />
        <div className={classes.when}>
          {text('signedIn', when(session.created_at))} · {text('lastUsed', when(session.last_used_at))} ·{' '}
          {text('until', when(session.expires_at))}
        </div>
      </div>
      {session.is_current ? (
        <Status tone="good">{text('thisOne')}</Status>
      ) : (
        <Button
          variant="default"
          size="xs"
          aria-label={text('endTitle', { device: nameOfDevice(session) })}
          onClick={onEnd}
        >
          {text('end')}
        </Button>
      )}
    </li>
  )
}

const nameOfDevice = ({ user_agent, ip_address }: OwnSession): string =>
  describeDevice(user_agent).name || ip_address

/** The three ways to end sessions of one's own, each asked for once. */
function useEnd() {
  const text = useAccountText()
  const queries = useQueryClient()
  const reload = () => queries.invalidateQueries({ queryKey: ['sessions'] })
  const endSession = ({ id }: OwnSession) => api.call('endOwnSession', { params: { id } })

  return {
    one(session: OwnSession) {
      const device = nameOfDevice(session)
      confirm({
        title: text('endTitle', { device }),
        body: text('endBody'),
        verb: text('end'),
        async act() {
          await endSession(session)
          await reload()
          notifyDone(text('ended', { device }))
        },
      })
    },
    others(sessions: readonly OwnSession[]) {
      confirm({
        title: text('endOthersTitle', { count: sessions.length }),
        body: (
          <>
            <p>{text('endOthersBody')}</p>
            <ul className={classes.alike}>
              {[...Map.groupBy(sessions, nameOfDevice)].map(([name, alike]) => (
                <li key={name}>
                  {name}
                  {alike.length > 1 && <span className="dim"> × {alike.length}</span>}
                </li>
              ))}
            </ul>
          </>
        ),
        verb: text('endOthers'),
        async act() {
          const { ended } = await api.call('endOwnOtherSessions')
          await reload()
          notifyDone(text('endedOthers', { count: ended }))
        },
      })
    },
    everywhere(count: number) {
      confirm({
        title: text('endEverywhereTitle'),
        body: text('endEverywhereBody', { count }),
        verb: text('endEverywhere'),
        act: () => leaveBy('signed_out', () => api.call('revokeAllTokens')),
      })
    },
  }
}
