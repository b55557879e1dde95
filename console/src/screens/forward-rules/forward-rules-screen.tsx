import { Button } from '@mantine/core'
import type { ForwardRule } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Split } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useMay } from '../../session/index.ts'
import {
  type Column,
  DataTable,
  EmptyState,
  NoMatchState,
  NoPermissionState,
  Page,
  SearchInput,
  Section,
  Status,
  useList,
} from '../../ui/index.ts'
import { AskRule } from './ask-rule.tsx'
import { EditRule } from './edit-rule.tsx'
import { useForwardRulesText } from './messages.ts'

/** The rules by which proxies that ask are answered, and which of them would answer. */
export function ForwardRulesScreen() {
  const may = useMay()
  return may('forward_rules', 'read') ? <Rules /> : <NoPermissionState permission="forward_rules:read" />
}

function Rules() {
  const text = useForwardRulesText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/forward-rules' })
  const { search, create } = useSearch({ from: '/console/forward-rules' })
  const [chosen, setChosen] = useState<ForwardRule>()
  const setCreate = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true, ignoreBlocker: true })
  const isNew = create !== undefined && may('forward_rules', 'create')
  const close = () => (isNew ? setCreate(undefined) : setChosen(undefined))
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={
        <>
          <SearchInput
            value={search ?? ''}
            label={text('search')}
            onSearch={search =>
              void navigate({ to: '.', search: old => ({ ...old, search }), replace: true })
            }
          />
          {may('forward_rules', 'create') && (
            <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreate('yes')}>
              {text('new')}
            </Button>
          )}
        </>
      }
    >
      <Section title={text('ask')}>
        <AskRule />
      </Section>
      <RulesList onOpen={setChosen} />
      {(isNew || chosen !== undefined) && <EditRule rule={isNew ? undefined : chosen} onClose={close} />}
    </Page>
  )
}

function RulesList({ onOpen }: { onOpen(rule: ForwardRule): void }) {
  const text = useForwardRulesText()
  const navigate = useNavigate({ from: '/console/forward-rules' })
  const { search, ordering = 'host' } = useSearch({ from: '/console/forward-rules' })
  return (
    <DataTable
      label={text('title')}
      list={useList('forward_rules', 'listForwardRules', { search, ordering })}
      columns={useRuleColumns()}
      keyOf={rule => rule.id}
      nameOf={rule => `${rule.host}${rule.path}`}
      chosen={undefined}
      ordering={ordering}
      onOrder={next => void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })}
      onOpen={onOpen}
      empty={
        search === undefined ? (
          <EmptyState icon={<Split />} title={text('none')}>
            {text('noneHint')}
          </EmptyState>
        ) : (
          <NoMatchState onClear={() => void navigate({ to: '.', search: {}, replace: true })} />
        )
      }
    />
  )
}

function useRuleColumns(): readonly Column<ForwardRule>[] {
  const text = useForwardRulesText()
  return useMemo(
    () => [
      {
        id: 'host',
        header: text('host'),
        width: 'minmax(140px, 1.2fr)',
        ordering: 'host',
        cell: ({ host }) => <code>{host}</code>,
      },
      {
        id: 'path',
        header: text('path'),
        width: 'minmax(120px, 1.4fr)',
        cell: ({ path }) => <code>{path}</code>,
      },
      {
        id: 'methods',
        header: text('methods'),
        width: 'minmax(90px, 1fr)',
        cell: ({ methods }) =>
          methods === null ? <span className="dim">{text('allMethods')}</span> : methods.join(', '),
      },
      {
        id: 'access',
        header: text('access'),
        width: 'minmax(120px, 1.2fr)',
        cell: ({ access }) => <Access access={access} />,
      },
    ],
    [text],
  )
}

function Access({ access }: Pick<ForwardRule, 'access'>) {
  const text = useForwardRulesText()
  if (access === null) return <Status tone="bad">{text('deletedPermission')}</Status>
  if (access === 'public') return <Status tone="warn">{text('public')}</Status>
  if (access === 'signed_in') return <span>{text('signedIn')}</span>
  return <code>{access}</code>
}
