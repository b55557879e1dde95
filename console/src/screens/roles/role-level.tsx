import { Badge, Switch } from '@mantine/core'
import type { Role, RoleRead } from '@propusk/client'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { api, useMay, type WithVersion, withVersion } from '../../session/index.ts'
import { notifyDone, notifyProblem, Section } from '../../ui/index.ts'
import { useRolesText } from './messages.ts'
import classes from './roles.module.css'

/** Whether the permissions of a role hold only in a session that showed a second factor, and what that means. */
export function RoleLevel({ role }: { readonly role: WithVersion<RoleRead> }) {
  const text = useRolesText()
  const may = useMay()
  const refresh = useRefresh()
  const [isBusy, setBusy] = useState(false)
  const asksForFactor = role.requires_aal === 'aal2'

  const write = (asks: boolean, ifMatch: string | undefined) =>
    withVersion(
      api.callVersioned('changeRole', {
        params: { id: role.id },
        body: { requires_aal: asks ? 'aal2' : null },
        ifMatch,
      }),
    ).finally(() => refresh('roles', 'access'))

  const change = async (asks: boolean) => {
    setBusy(true)
    try {
      const { name, etag } = await write(asks, role.etag)
      notifyDone(text(asks ? 'factorAsked' : 'factorNotAsked', { name }), { undo: () => write(!asks, etag) })
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
    }
  }

  const reason = may('roles', 'update') ? role.refusals?.assign : undefined
  return (
    <Section title={text('level')} {...(reason !== undefined && { lead: reason })}>
      <Switch
        label={text('onlyWithFactor')}
        description={text('onlyWithFactorHint')}
        checked={asksForFactor}
        disabled={isBusy || !may('roles', 'update') || reason !== undefined}
        onChange={event => void change(event.currentTarget.checked)}
      />
    </Section>
  )
}

export function LevelBadge({ role: { requires_aal } }: { readonly role: Role }) {
  const text = useRolesText()
  if (requires_aal !== 'aal2') return null
  return (
    <Badge c="var(--warn)" bg="var(--warn-wash)" className={classes.level} title={text('onlyWithFactorHint')}>
      {text('withFactor')}
    </Badge>
  )
}
