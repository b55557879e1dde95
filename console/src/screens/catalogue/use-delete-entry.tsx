import { Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { BlastRadius, useRefresh } from '../../access/index.ts'
import type { WithVersion } from '../../session/index.ts'
import { confirm, notifyDone } from '../../ui/index.ts'
import type { Entry, EntryKind } from './entry-kind.ts'

/** Asks before a resource or an action is deleted, and shows what everybody would lose by it. */
export function useDeleteEntry(kind: EntryKind): (entry: WithVersion<Entry>) => void {
  const text = kind.useText()
  const navigate = useNavigate()
  const refresh = useRefresh()
  return ({ id, name, code_name, etag }) =>
    confirm({
      title: text('deleteTitle', { name }),
      body: (
        <Stack gap="sm">
          {text('deleteBody')}
          <BlastRadius changes={[kind.deletion(code_name)]} />
        </Stack>
      ),
      verb: text('deleteVerb'),
      async act() {
        await kind.delete(id, etag).catch(error => {
          void refresh(kind.resource, 'access')
          throw error
        })
        await navigate({ to: kind.to, search: ({ with: _, ...old }) => old })
        void refresh(kind.resource, 'roles', 'access')
        notifyDone(text('deleted', { name }))
      },
    })
}
