import { Button, Group } from '@mantine/core'
import { ProblemError, type RoleRead } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isKept, useMay, type WithVersion } from '../../session/index.ts'
import {
  CopyText,
  Detail,
  ErrorState,
  GatedButton,
  LoadingRows,
  NotFoundState,
  useCommonText,
  useDocumentTitle,
} from '../../ui/index.ts'
import { History } from '../catalogue/history.tsx'
import { CompareRoles } from './compare-roles.tsx'
import { CreateRole } from './create-role.tsx'
import { EditRole } from './edit-role.tsx'
import { useRolesText } from './messages.ts'
import { readRole } from './read-role.ts'
import { RoleAllows } from './role-allows.tsx'
import { RoleHolders } from './role-holders.tsx'
import { RoleLevel } from './role-level.tsx'
import { RolePermissions } from './role-permissions.tsx'
import classes from './roles.module.css'
import { useDeleteRole } from './use-delete-role.tsx'

const useRole = (id: number) => {
  // The reasons of what is refused come in the language that the page has.
  const { language } = useTranslation().i18n
  return useQuery({
    queryKey: ['roles', 'readRole', id, language],
    queryFn: ({ signal }) => readRole(id, signal),
    placeholderData: (last, query) => (query?.queryKey[2] === id ? last : undefined),
  })
}

/** A role: what it holds, what that allows, and to whom. */
export function RoleDetail() {
  const text = useRolesText()
  const navigate = useNavigate()
  const { id } = useParams({ from: '/console/roles/$id' })
  const { data: role, error, refetch } = useRole(Number(id))
  if (error instanceof ProblemError && error.code === 'not_found') {
    return (
      <Detail title={text('role')} onBack={() => void navigate({ to: '/console/roles', search: true })}>
        <NotFoundState title={text('noSuchRole')} />
      </Detail>
    )
  }
  if (role === undefined) {
    return error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />
  }
  return <LoadedRole key={role.id} role={role} />
}

function LoadedRole({ role }: { readonly role: WithVersion<RoleRead> }) {
  useDocumentTitle(role.name)
  const navigate = useNavigate()
  const { compare } = useSearch({ from: '/console/roles/$id' })
  const setCompare = (compare: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, compare }) })

  return (
    <Detail
      title={role.name}
      names={<CopyText value={role.code_name} />}
      actions={<RoleActions role={role} onCompare={() => setCompare('choose')} />}
      onBack={() => void navigate({ to: '/console/roles', search: ({ compare: _, ...old }) => old })}
    >
      {role.description !== null && <p className={classes.lead}>{role.description}</p>}
      {compare === undefined ? (
        <>
          <RolePermissions role={role} />
          <RoleLevel role={role} />
          <RoleHolders role={role} />
          <RoleAllows role={role} />
          <History target={`roles/${role.id}`} />
        </>
      ) : (
        <CompareRoles role={role} otherId={Number(compare)} onChoose={setCompare} />
      )}
    </Detail>
  )
}

interface RoleActionsProps {
  readonly role: WithVersion<RoleRead>
  onCompare(): void
}

function RoleActions({ role, onCompare }: RoleActionsProps) {
  const text = useRolesText()
  const common = useCommonText()
  const may = useMay()
  const askToDelete = useDeleteRole()
  const [open, setOpen] = useState<'edit' | 'duplicate' | undefined>(() =>
    isKept('named') ? 'edit' : undefined,
  )
  const close = () => setOpen(undefined)
  return (
    <Group gap={8}>
      {may('roles', 'update') && (
        <Button variant="default" size="xs" onClick={() => setOpen('edit')}>
          {common('edit')}
        </Button>
      )}
      {may('roles', 'create') && (
        // A new role may hold no more than an old one that is given: the reason is the same.
        <GatedButton
          reason={role.refusals?.assign}
          variant="default"
          size="xs"
          onClick={() => setOpen('duplicate')}
        >
          {text('duplicate')}
        </GatedButton>
      )}
      <Button variant="default" size="xs" onClick={onCompare}>
        {text('compare')}
      </Button>
      {may('roles', 'delete') && (
        <GatedButton
          reason={role.refusals?.delete}
          variant="default"
          size="xs"
          c="var(--bad)"
          onClick={() => askToDelete(role)}
        >
          {common('delete')}
        </GatedButton>
      )}
      {open === 'edit' && <EditRole role={role} onClose={close} />}
      {open === 'duplicate' && <CreateRole like={role} onClose={close} />}
    </Group>
  )
}
