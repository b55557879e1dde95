import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import type { Session, User } from '@propusk/client'
import { useState } from 'react'
import { useHigherRank, useRefresh } from '../../../access/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { api, useMay } from '../../../session/index.ts'
import { describeDevice, nameOf, notifyDone, ProblemNote, useCommonText, useNow } from '../../../ui/index.ts'
import { useSessionsText } from '../../sessions/messages.ts'
import { useOwnSession } from '../../sessions/use-own-session.ts'
import { useUserText } from './messages.ts'

interface AllButOneProps {
  readonly user: User
  /** Live sessions, the latest use first. */
  readonly live: readonly Session[]
}

/** Leads to the choice of the one session that goes on; absent where there is no other, or for whoever may not. */
export function AllButOne({ user, live }: AllButOneProps) {
  const text = useSessionsText()
  const may = useMay()
  const higher = useHigherRank(user)
  const [asked, setAsked] = useState<readonly Session[]>()
  if ((live.length < 2 && asked === undefined) || !may('sessions', 'delete') || higher !== undefined) {
    return null
  }
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsked(live)}>
        {text('allButOne')}
      </Button>
      {asked !== undefined && <Choice user={user} live={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function Choice({ user, live, onClose }: AllButOneProps & { onClose(): void }) {
  const text = useSessionsText()
  const person = useUserText()
  const common = useCommonText()
  const format = useFormat()
  const nowMs = useNow()
  const refresh = useRefresh()
  const own = useOwnSession()
  const [kept, setKept] = useState(String((live.find(({ uuid }) => uuid === own) ?? live[0])!.id))
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const end = async () => {
    setBusy(true)
    try {
      const { ended } = await api.call('endOtherSessions', { params: { id: Number(kept) } })
      onClose()
      notifyDone(text('othersEnded', { count: ended }))
      await refresh('sessions', 'audit', 'statistics')
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => !isBusy && onClose()}
      title={text('allButOne_title', { person: nameOf(user) })}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <Stack gap="md">
        <ProblemNote problem={problem} />
        <Radio.Group
          value={kept}
          onChange={setKept}
          aria-label={text('allButOne_title', { person: nameOf(user) })}
        >
          <Stack gap="xs">
            {live.map(({ id, uuid, user_agent, ip_address, last_used_at }) => (
              <Radio
                key={id}
                value={String(id)}
                label={describeDevice(user_agent).name || common('unknownDevice')}
                description={[
                  ip_address,
                  person('lastUsed', { when: format.relative(last_used_at, nowMs) }),
                  ...(uuid === own ? [text('isYours')] : []),
                ].join(' · ')}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {common('cancel')}
          </Button>
          <Button color="red" loading={isBusy} onClick={() => void end()}>
            {text('allButOne_verb', { count: live.length - 1 })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
