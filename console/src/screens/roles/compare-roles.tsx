import { Button, Select } from '@mantine/core'
import type { Role } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import { useMemo } from 'react'
import { BlastRadius, naturally, toAccessChanges, useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { EmptyState, LoadingRows, Section } from '../../ui/index.ts'
import classes from './compare.module.css'
import { useCompareText } from './compare-messages.ts'
import { comparePermissions, lackedBy, likenessOf } from './compare-permissions.ts'
import { CompareTable } from './compare-table.tsx'

interface CompareRolesProps {
  readonly role: Role
  /** NaN while none is chosen: then the role that is most alike is shown. */
  readonly otherId: number
  /** Undefined stops comparing. */
  onChoose(otherId: string | undefined): void
}

/** Two roles side by side. */
export function CompareRoles({ role, otherId, onChoose }: CompareRolesProps) {
  const text = useCompareText()
  const navigate = useNavigate()
  const { data: roles } = useWholeList('roles', 'listRoles')
  const actions = useActionNames()
  // Of the most alike role the differences are the few that matter.
  const alike = useMemo(() => mostAlike(role, roles ?? [], actions), [role, roles, actions])
  const other = Number.isNaN(otherId) ? alike : roles?.find(({ id }) => id === otherId)
  const swap = () =>
    other !== undefined &&
    void navigate({
      to: '/console/roles/$id',
      params: { id: String(other.id) },
      search: old => ({ ...old, compare: String(role.id) }),
    })

  return (
    <Section
      title={text('title')}
      lead={text('lead')}
      actions={
        <Button size="xs" variant="default" onClick={() => onChoose(undefined)}>
          {text('stop')}
        </Button>
      }
    >
      <div className={classes.choice}>
        <span className={classes.fixed}>{role.name}</span>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={swap}
          disabled={other === undefined}
          aria-label={text('swap')}
        >
          <ArrowLeftRight size={15} aria-hidden />
        </Button>
        <Select
          size="xs"
          aria-label={text('other')}
          placeholder={text('choose')}
          searchable
          value={other === undefined ? null : String(other.id)}
          onChange={id => id !== null && onChoose(id)}
          allowDeselect={false}
          data={(roles ?? [])
            .filter(({ id }) => id !== role.id)
            .map(({ id, name }) => ({ value: String(id), label: name }))
            .sort((a, b) => naturally(a.label, b.label))}
        />
      </div>
      {roles === undefined && <LoadingRows count={4} />}
      {roles !== undefined && other === undefined && (
        <EmptyState icon={<GitCompareArrows />} title={text(Number.isNaN(otherId) ? 'alone' : 'gone')} />
      )}
      {other !== undefined && <Compared role={role} other={other} actions={actions} />}
    </Section>
  )
}

/** The actions that there are; none for a viewer who may not read them, who sees those that the roles name. */
function useActionNames(): readonly string[] {
  const may = useMay()
  const { data } = useWholeList('actions', 'listActions', { isOn: may('actions', 'read') })
  return useMemo(() => (data ?? []).map(({ code_name }) => code_name), [data])
}

/** The role that shares most with this one. */
function mostAlike(role: Role, roles: readonly Role[], actions: readonly string[]): Role | undefined {
  const others = roles
    .filter(({ id }) => id !== role.id)
    .map(other => ({ other, likeness: likenessOf(role.permissions, other.permissions, actions) }))
  return others.toSorted((a, b) => b.likeness - a.likeness)[0]?.other
}

interface ComparedProps {
  readonly role: Role
  readonly other: Role
  readonly actions: readonly string[]
}

function Compared({ role, other, actions }: ComparedProps) {
  const text = useCompareText()
  const rows = useMemo(
    () => comparePermissions(role.permissions, other.permissions, actions),
    [role, other, actions],
  )
  const changes = useMemo(() => {
    const added = lackedBy(role.permissions, other.permissions)
    return toAccessChanges(other.code_name, { added, taken: [] })
  }, [role, other])
  if (rows.length === 0) return <p className={classes.quiet}>{text('none')}</p>
  const isSame = rows.every(({ onlyA, onlyB }) => onlyA.length + onlyB.length === 0)
  return (
    <>
      {isSame && <p className={classes.same}>{text('same')}</p>}
      <CompareTable rows={rows} nameA={role.name} nameB={other.name} />
      {changes.length > 0 && (
        <div className={classes.effect}>
          <p className={classes.question}>{text('ifTitle', { name: role.name, other: other.name })}</p>
          <BlastRadius changes={changes} />
        </div>
      )}
    </>
  )
}
