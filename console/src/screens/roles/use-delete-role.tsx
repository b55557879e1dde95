import { Stack } from '@mantine/core'
import type { Role } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { BlastRadius, useRefresh } from '../../access/index.ts'
import { api, type WithVersion } from '../../session/index.ts'
import { confirm, notifyDone } from '../../ui/index.ts'
import { useRolesText } from './messages.ts'

/** Asks before a role is deleted, and shows what everybody would lose by it. */
export function useDeleteRole(): (role: WithVersion<Role>) => void {
  const text = useRolesText()
  const navigate = useNavigate()
  const refresh = useRefresh()
  return role =>
    confirm({
      title: text('deleteTitle', { name: role.name }),
      body: (
        <Stack gap="sm">
          {text('deleteBody')}
          <BlastRadius changes={[{ kind: 'delete_role', role: role.code_name }]} />
        </Stack>
      ),
      verb: text('deleteRole'),
      async act() {
        const deleting = api.call('deleteRole', { params: { id: role.id }, ifMatch: role.etag })
        await deleting.catch(error => {
          void refresh('roles', 'access')
          throw error
        })
        await navigate({ to: '/console/roles', search: ({ compare: _, ...old }) => old })
        void refresh('roles', 'users', 'access')
        notifyDone(text('deleted', { name: role.name }))
      },
    })
}
