import { Badge, Switch, Table, TextInput } from '@mantine/core'
import type { Setting } from '@propusk/client'
import { useState } from 'react'
import { CopyText, ScrollAcross, Section } from '../../ui/index.ts'
import { useSettingsText } from './messages.ts'
import classes from './settings.module.css'
import { useMeaning } from './use-meaning.ts'

/** Every setting with what is in force; of a secret only whether it is set. */
export function SettingsTable({ settings }: { readonly settings: readonly Setting[] }) {
  const text = useSettingsText()
  const meaningOf = useMeaning()
  const [search, setSearch] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const wanted = search.trim().toLowerCase()
  const shown = settings.filter(
    setting =>
      !(onlyChanged && setting.is_default) &&
      `${setting.name} ${setting.description} ${meaningOf(setting).text}`.toLowerCase().includes(wanted),
  )
  return (
    <Section
      title={text('settings')}
      actions={
        <>
          <Switch
            size="xs"
            label={text('onlyChanged')}
            checked={onlyChanged}
            onChange={event => setOnlyChanged(event.currentTarget.checked)}
          />
          <TextInput
            size="xs"
            type="search"
            aria-label={text('find')}
            placeholder={text('find')}
            value={search}
            onChange={event => setSearch(event.currentTarget.value)}
          />
        </>
      }
    >
      {shown.length === 0 ? (
        <p className="dim">{text('noMatch')}</p>
      ) : (
        <ScrollAcross label={text('settings')}>
          <Table className={classes.table} verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{text('name')}</Table.Th>
                <Table.Th>{text('value')}</Table.Th>
                <Table.Th>{text('meaning')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(setting => (
                <Table.Tr key={setting.name}>
                  <Table.Td className={classes.name}>
                    <CopyText value={setting.name} />
                  </Table.Td>
                  <Table.Td className={classes.value}>
                    <Value setting={setting} />
                  </Table.Td>
                  <Table.Td lang={meaningOf(setting).lang} className={classes.meaning}>
                    {meaningOf(setting).text}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollAcross>
      )}
    </Section>
  )
}

function Value({ setting: { value, secret, is_default } }: { readonly setting: Setting }) {
  const text = useSettingsText()
  if (value === null) return <span className="dim">{text('notSet')}</span>
  if (secret) return <Badge color="gray">{text('set')}</Badge>
  return (
    <>
      <code>{value}</code> {is_default && <span className="dim">{text('isDefault')}</span>}
    </>
  )
}
