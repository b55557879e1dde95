import { useMemo } from 'react'
import { useEntryName } from '../../access/index.ts'
import { type Column, MiddleText } from '../../ui/index.ts'
import { BuiltInBadge } from './built-in-badge.tsx'
import classes from './catalogue.module.css'
import type { Entry, EntryKind } from './entry-kind.ts'
import { useCatalogueText } from './messages.ts'

/** Beside an open thing only which it is: the rest stands in the detail. */
export function useEntryColumns(kind: EntryKind, isNarrow: boolean): readonly Column<Entry>[] {
  const text = kind.useText()
  const catalogue = useCatalogueText()
  const nameOf = useEntryName()
  return useMemo(() => {
    const entry: Column<Entry> = {
      id: 'entry',
      header: text('entry'),
      width: 'minmax(180px, 1fr)',
      ordering: 'name',
      cell: ({ name, code_name }) => (
        <span className={classes.entry}>
          <span className={classes.names}>
            <span className={classes.name}>
              <MiddleText text={nameOf({ name, code_name })} />
            </span>
            {isNarrow && (
              <code className="dim">
                <MiddleText text={code_name} />
              </code>
            )}
          </span>
          {kind.builtIns.includes(code_name) && <BuiltInBadge />}
        </span>
      ),
    }
    if (isNarrow) return [entry]
    return [
      entry,
      {
        id: 'code_name',
        header: catalogue('codeName'),
        width: 'minmax(120px, 0.8fr)',
        ordering: 'code_name',
        cell: ({ code_name }) => (
          <code>
            <MiddleText text={code_name} />
          </code>
        ),
      },
      {
        id: 'description',
        header: catalogue('description'),
        width: 'minmax(200px, 2fr)',
        ordering: 'description',
        cell: ({ description }) => <span className="dim">{description}</span>,
      },
    ]
  }, [kind, isNarrow, text, catalogue, nameOf])
}
