import { Group } from '@mantine/core'
import { useMay } from '../../session/index.ts'
import { LinkButton } from '../../ui/index.ts'
import { useCatalogueText } from './messages.ts'

/** What comes after a new resource: roles that may do something with it, in the matrix or in a role of its own. */
export function WayOn({ resource }: { readonly resource: string }) {
  const text = useCatalogueText()
  const may = useMay()
  return (
    <Group gap="xs" justify="center" mt="xs">
      {may('roles', 'create') && may('roles', 'update') && (
        <LinkButton to="/console/roles" search={{ create: 'yes', resource }} size="xs">
          {text('roleForIt')}
        </LinkButton>
      )}
      {may('roles', 'read') && may('actions', 'read') && (
        <LinkButton to="/console/matrix" search={{ resource }} variant="default" size="xs">
          {text('toMatrix')}
        </LinkButton>
      )}
    </Group>
  )
}
