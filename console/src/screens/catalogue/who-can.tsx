import { Badge, Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { EntrySelect, inOrder, useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import {
  ErrorState,
  LinkAnchor,
  LoadingRows,
  Permission,
  Person,
  Section,
  useCommonText,
  useList,
} from '../../ui/index.ts'
import classes from './catalogue.module.css'
import type { Entry, EntryKind } from './entry-kind.ts'
import { useCatalogueText } from './messages.ts'

interface WhoCanProps {
  readonly kind: EntryKind
  readonly entry: Entry
}

/** Who may do one action with one resource; the half that is not this page's is chosen. */
export function WhoCan({ kind, entry }: WhoCanProps) {
  const text = kind.useText()
  const may = useMay()
  const navigate = useNavigate()
  const { with: asked } = useSearch({ from: kind.to })
  const { data: others } = useWholeList(kind.otherResource, kind.otherListId)
  const names = inOrder((others ?? []).map(({ code_name }) => code_name))
  const { data: roles, isLoading } = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') })
  const isUsed = (name: string) =>
    roles?.some(({ permissions }) => permissions.includes(kind.permission(entry.code_name, name))) ?? false
  // What some role holds says more than the first of the alphabet.
  const fallback = names.includes('read') ? 'read' : (names.find(isUsed) ?? names[0])
  const isAsked = asked !== undefined && names.includes(asked)
  const other = isAsked ? asked : isLoading ? undefined : fallback

  return (
    <Section
      title={text('who')}
      lead={text('whoLead')}
      actions={
        <EntrySelect
          size="xs"
          w={190}
          aria-label={text('whoOther')}
          value={other}
          onChange={value =>
            void navigate({ to: '.', search: old => ({ ...old, with: value }), replace: true })
          }
          rows={others}
        />
      }
    >
      {other === undefined ? (
        <LoadingRows count={3} />
      ) : (
        <WhoMay permission={kind.permission(entry.code_name, other)} />
      )}
    </Section>
  )
}

function WhoMay({ permission }: { readonly permission: string }) {
  const text = useCatalogueText()
  const common = useCommonText()
  const [resource, action] = permission.split(':', 2) as [string, string]
  const list = useList('access', 'whoCan', { resource, action })
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: useMay()('roles', 'read') })
  const nameOfRole = new Map(roles.map(role => [role.code_name, role.name]))
  if (list.isLoading) return <LoadingRows count={3} />
  if (list.error !== undefined) return <ErrorState error={list.error} onRetry={list.retry} />
  return (
    <>
      <p className={classes.asked}>
        <Permission name={permission} />
      </p>
      {list.rows.length === 0 ? (
        <p className={classes.quiet}>{text('nobody')}</p>
      ) : (
        <ul className={classes.people} data-stale={list.isStale || undefined}>
          {list.rows.map(person => (
            <li key={person.id} className={classes.person}>
              <LinkAnchor
                to="/console/users/$id"
                params={{ id: String(person.id) }}
                className={classes.email!}
                size="sm"
              >
                <Person person={person} size={26} />
              </LinkAnchor>
              <span className={classes.chips}>
                {person.is_superuser && (
                  <Badge c="var(--warn)" bg="var(--warn-wash)">
                    {common('superuser')}
                  </Badge>
                )}
                {person.roles.map(role => (
                  <Badge key={role} color="gray" title={role}>
                    {nameOfRole.get(role) ?? role}
                  </Badge>
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      {list.hasMore && (
        <Button variant="default" size="xs" mt={8} onClick={list.more} loading={list.isLoadingMore}>
          {common('more')}
        </Button>
      )}
    </>
  )
}
