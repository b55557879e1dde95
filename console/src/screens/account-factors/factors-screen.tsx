import { Alert, Button, Group } from '@mantine/core'
import type { Factor, Factors } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useFormat } from '../../i18n/index.ts'
import { api, canUsePasskeys, renewAccess, signalAccepted } from '../../session/index.ts'
import { confirm, ErrorState, LoadingRows, notifyDone, Page, Section, useNow } from '../../ui/index.ts'
import classes from '../account/account.module.css'
import { EnrolPasskey } from './enrol-passkey.tsx'
import { EnrolTotp } from './enrol-totp.tsx'
import { useFactorsText } from './messages.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { RememberedDevices } from './remembered-devices.tsx'
import { RenameFactor } from './rename-factor.tsx'

const fewCodes = 3

/** What proves, beside the password, that it is oneself: authenticator apps, passkeys and recovery codes. */
export function FactorsScreen() {
  const text = useFactorsText()
  const factors = useQuery({
    queryKey: ['factors'],
    queryFn: ({ signal }) => api.call('listOwnFactors', { signal }),
  })
  const accepted = factors.data?.accepted_passkeys
  useEffect(() => {
    if (accepted !== undefined) void signalAccepted(accepted)
  }, [accepted])
  return (
    <Page title={text('title')} lead={text('lead')}>
      {factors.isPending && <LoadingRows count={2} />}
      {factors.isError && <ErrorState error={factors.error} onRetry={() => void factors.refetch()} />}
      {factors.data !== undefined && <OwnFactors {...factors.data} />}
    </Page>
  )
}

type Open = 'totp' | 'passkey' | undefined

function OwnFactors({ factors, recovery_codes: left }: Factors) {
  const text = useFactorsText()
  const queries = useQueryClient()
  const [open, setOpen] = useState<Open>()
  const [codes, setCodes] = useState<readonly string[]>([])
  const reload = () => queries.invalidateQueries({ queryKey: ['factors'] })

  const done = (name: string, recoveryCodes: readonly string[]) => {
    setOpen(undefined)
    setCodes(recoveryCodes)
    notifyDone(text('on', { name }))
    // The session has shown the factor: without its next token each act here would ask for it again.
    void renewAccess()
      .catch(() => undefined)
      .then(reload)
  }
  const renew = () =>
    confirm({
      title: text('newCodesTitle'),
      body: text('newCodesBody'),
      verb: text('newCodes'),
      async act() {
        const { recovery_codes } = await api.call('replaceRecoveryCodes')
        setCodes(recovery_codes)
        await reload()
      },
    })

  return (
    <>
      {factors.length === 0 ? (
        <p>{text('none')}</p>
      ) : (
        <ul className={classes.devices}>
          {factors.map(factor => (
            <FactorRow key={factor.id} factor={factor} isLast={factors.length === 1} />
          ))}
        </ul>
      )}
      <div className={classes.toolbar}>
        <Button variant="default" onClick={() => setOpen('totp')}>
          {text('addApp')}
        </Button>
        <Button
          variant="default"
          onClick={() => setOpen('passkey')}
          disabled={!canUsePasskeys()}
          title={canUsePasskeys() ? undefined : text('noPasskeys')}
        >
          {text('addPasskey')}
        </Button>
      </div>
      {factors.length > 0 && (
        <Section title={text('codes')}>
          {left <= fewCodes && (
            <Alert color="yellow" variant="light" mb="sm" role="status">
              {text('fewCodes')}
            </Alert>
          )}
          <p>{text('codesLead', { count: left })}</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={renew}>
              {text('newCodes')}
            </Button>
          </Group>
        </Section>
      )}
      {factors.length > 0 && <RememberedDevices />}
      {open === 'totp' && <EnrolTotp onDone={done} onClose={() => setOpen(undefined)} />}
      {open === 'passkey' && <EnrolPasskey onDone={done} onClose={() => setOpen(undefined)} />}
      {codes.length > 0 && <RecoveryCodes codes={codes} onClose={() => setCodes([])} />}
    </>
  )
}

function FactorRow({ factor, isLast }: { readonly factor: Factor; readonly isLast: boolean }) {
  const text = useFactorsText()
  const format = useFormat()
  const nowMs = useNow()
  const queries = useQueryClient()
  const [isRenaming, setRenaming] = useState(false)
  const { id, kind, name, created_at, last_used_at } = factor
  const when = (at: string) => ({ when: format.relative(at, nowMs) })
  const remove = () =>
    confirm({
      title: text('removeTitle', { name }),
      body: text(isLast ? 'removeLast' : 'removeBody'),
      verb: text('remove'),
      async act() {
        await api.call('removeOwnFactor', { params: { id } })
        await queries.invalidateQueries({ queryKey: ['factors'] })
        notifyDone(text('removed', { name }))
      },
    })
  return (
    <li className={classes.device}>
      <div className={classes.about}>
        <div>
          <b>{name}</b> · {text(kind)}
        </div>
        <div className={classes.when}>
          {text('added', when(created_at))} ·{' '}
          {last_used_at === null ? text('neverUsed') : text('used', when(last_used_at))}
        </div>
      </div>
      <Button
        variant="default"
        size="xs"
        aria-label={`${text('rename')}: ${name}`}
        onClick={() => setRenaming(true)}
      >
        {text('rename')}
      </Button>
      <Button variant="default" size="xs" aria-label={text('removeTitle', { name })} onClick={remove}>
        {text('remove')}
      </Button>
      {isRenaming && <RenameFactor factor={factor} onClose={() => setRenaming(false)} />}
    </li>
  )
}
