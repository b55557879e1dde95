import { Button, Group } from '@mantine/core'
import type { User } from '@propusk/client'
import { useMemo, useState } from 'react'
import { type AccessChange, BlastRadius } from '../../../access/index.ts'
import { useMay, useProfile, type WithVersion } from '../../../session/index.ts'
import { nameOf, notifyDone, notifyProblem, Section, useCommonText } from '../../../ui/index.ts'
import { AddRole } from './add-role.tsx'
import { useUserText } from './messages.ts'
import { RoleChip } from './role-chip.tsx'
import { useChangeRole, useChangeUser } from './use-user.ts'
import { useRankReason } from './user-actions.tsx'
import classes from './user-roles.module.css'

/** The roles somebody holds. What is added or removed is only a plan until it is saved, and shows what it would change. */
export function UserRoles({ user }: { readonly user: WithVersion<User> }) {
  const text = useUserText()
  const common = useCommonText()
  const may = useMay()
  const viewer = useProfile()
  const change = useChangeUser(user.id)
  const changeRole = useChangeRole(user.id)
  const name = nameOf(user)
  const [added, setAdded] = useState<readonly string[]>([])
  const [removed, setRemoved] = useState<readonly string[]>([])
  const [isBusy, setBusy] = useState(false)
  const rankReason = useRankReason(user)
  const mayChange = may('users', 'update') && may('roles', 'read')
  // Nobody edits their own roles, superusers excepted.
  const isOwn = viewer.id === user.id && !viewer.is_superuser
  const reason = mayChange ? (isOwn ? text('ownRoles') : rankReason) : undefined
  const mayEdit = mayChange && reason === undefined

  // Somebody else may have given or taken one meanwhile: then there is nothing left to do about it.
  const toGive = added.filter(role => !user.roles.includes(role))
  const toTake = removed.filter(role => user.roles.includes(role))
  const plan = JSON.stringify([toGive, toTake])
  const changes = useMemo(() => changesOf(user.id, plan), [user.id, plan])

  const forget = () => {
    setAdded([])
    setRemoved([])
  }
  /** Gives back what takes it back. */
  const write = async (): Promise<() => Promise<unknown>> => {
    const [give, take] = [toGive[0], toTake[0]]
    if (toGive.length + toTake.length === 1) {
      // One role is given or taken whatever the person's others are by now.
      await changeRole(give !== undefined ? { give } : { take: take! })
      return () => changeRole(give !== undefined ? { take: give } : { give: take! })
    }
    const before = user.roles
    const roles = [...before.filter(role => !toTake.includes(role)), ...toGive]
    const { etag } = await change({ roles }, user.etag)
    return () => change({ roles: before }, etag)
  }
  const save = async () => {
    setBusy(true)
    try {
      const undo = await write()
      forget()
      notifyDone(text('rolesChanged', { name }), { undo })
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section title={text('roles')} {...(reason !== undefined && { lead: reason })}>
      <div className={classes.roles}>
        {user.roles.length + toGive.length === 0 && <span className="dim">{text('noRoles')}</span>}
        {user.roles.map(role => (
          <RoleChip
            key={role}
            role={role}
            {...(toTake.includes(role) && { plan: 'take' })}
            {...(mayEdit && {
              onToggle: () =>
                setRemoved(
                  toTake.includes(role) ? removed.filter(other => other !== role) : [...removed, role],
                ),
            })}
          />
        ))}
        {toGive.map(role => (
          <RoleChip
            key={role}
            role={role}
            plan="give"
            onToggle={() => setAdded(added.filter(other => other !== role))}
          />
        ))}
        {mayEdit && <AddRole held={[...user.roles, ...toGive]} onAdd={role => setAdded([...added, role])} />}
      </div>
      {changes.length > 0 && (
        <div className={classes.plan}>
          <BlastRadius changes={changes} />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={forget} disabled={isBusy}>
              {common('cancel')}
            </Button>
            <Button onClick={() => void save()} loading={isBusy}>
              {text('saveRoles')}
            </Button>
          </Group>
        </div>
      )}
    </Section>
  )
}

function changesOf(userId: number, plan: string): readonly AccessChange[] {
  const [toGive, toTake] = JSON.parse(plan) as [string[], string[]]
  return [
    ...toTake.map(role => ({ kind: 'take_role' as const, user_id: userId, role })),
    ...toGive.map(role => ({ kind: 'give_role' as const, user_id: userId, role })),
  ]
}
