import { Button, Select } from '@mantine/core'
import type { Role } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import { useMemo } from 'react'
import { BlastRadius, toAccessChanges, useWholeList } from '../../access/index.ts'
import { EmptyState, LoadingRows, Section } from '../../ui/index.ts'
import classes from './compare.module.css'
import { useCompareText } from './compare-messages.ts'
import { comparePermissions } from './compare-permissions.ts'
import { CompareTable } from './compare-table.tsx'

interface CompareRolesProps {
  readonly role: Role
  /** NaN while none is chosen. */
  readonly otherId: number
  /** Undefined stops comparing. */
  onChoose(otherId: string | undefined): void
}

/** Two roles side by side. */
export function CompareRoles({ role, otherId, onChoose }: CompareRolesProps) {
  const text = useCompareText()
  const navigate = useNavigate()
  const { data: roles } = useWholeList('roles', 'listRoles')
  const other = roles?.find(({ id }) => id === otherId)
  const swap = () =>
    void navigate({
      to: '/console/roles/$id',
      params: { id: String(otherId) },
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
            .map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      </div>
      {roles === undefined && <LoadingRows count={4} />}
      {roles !== undefined && other === undefined && (
        <EmptyState icon={<GitCompareArrows />} title={Number.isNaN(otherId) ? text('choose') : text('gone')}>
          {text('chooseHint', { name: role.name })}
        </EmptyState>
      )}
      {other !== undefined && <Compared role={role} other={other} />}
    </Section>
  )
}

function Compared({ role, other }: { readonly role: Role; readonly other: Role }) {
  const text = useCompareText()
  const rows = useMemo(() => comparePermissions(role.permissions, other.permissions), [role, other])
  const changes = useMemo(() => {
    const added = rows.flatMap(({ resource, onlyA }) => onlyA.map(action => `${resource}:${action}`))
    return toAccessChanges(other.code_name, { added, taken: [] })
  }, [rows, other.code_name])
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
