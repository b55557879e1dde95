import { useRef } from 'react'
import { cellKey, PermissionCell, type Place, useCellGrid } from '../../access/index.ts'
import classes from './permission-grid.module.css'
import { usePermissionText } from './permission-messages.ts'
import type { PendingChanges } from './use-pending-changes.ts'

export interface GridRow {
  readonly code_name: string
  readonly name: string
}

interface PermissionGridProps {
  readonly resources: readonly GridRow[]
  readonly actions: readonly string[]
  readonly pending: PendingChanges
  /** Why a permission can be neither given nor taken; undefined where it can. */
  reasonOf(permission: string): string | undefined
  /** Whether nothing can be changed at all. */
  readonly isReading: boolean
}

/** Resources by actions, worked like the matrix: by click, by stroke and by the keys of a grid. */
export function PermissionGrid({ resources, actions, pending, reasonOf, isReading }: PermissionGridProps) {
  const text = usePermissionText()
  const element = useRef<HTMLTableElement>(null)

  const permissionAt = ({ row, column }: Place) => `${resources[row]!.code_name}:${actions[column]!}`
  const coveringAt = (place: Place): string | undefined => {
    const all = `${resources[place.row]!.code_name}:all`
    return permissionAt(place) !== all && pending.isWanted(all) ? all : undefined
  }
  // What is covered anyway is not worth a mark of its own; one that is there can still be taken away.
  const canChange = (place: Place) => {
    const permission = permissionAt(place)
    const isListed = pending.held.has(permission) || pending.isWanted(permission)
    return !isReading && reasonOf(permission) === undefined && (isListed || coveringAt(place) === undefined)
  }
  const { current, handlers } = useCellGrid({
    element,
    rows: resources.length,
    columns: actions.length,
    hasCells: () => true,
    next: place => (canChange(place) ? !pending.isWanted(permissionAt(place)) : undefined),
    paint: (place, isWanted) => pending.want(permissionAt(place), isWanted),
  })

  return (
    <div className={classes.scroller}>
      <table
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with cells that are worked is a grid (WAI-ARIA).
        role="grid"
        aria-label={text('grid')}
        aria-multiselectable="true"
        aria-readonly={isReading}
        className={classes.grid}
        {...handlers}
      >
        <thead>
          <tr>
            <th scope="col">{text('resource')}</th>
            {actions.map(action => (
              <th key={action} scope="col">
                <code>{action}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {resources.map(({ code_name, name }, row) => (
            <tr key={code_name}>
              <th scope="row" title={`${name}\n${code_name}`}>
                <span className={classes.resource}>{name}</span> <code>{code_name}</code>
              </th>
              {actions.map((action, column) => {
                const place = { row, column }
                const permission = permissionAt(place)
                return (
                  <PermissionCell
                    key={action}
                    as="td"
                    label={permission}
                    isHeld={pending.held.has(permission)}
                    isWanted={pending.isWanted(permission)}
                    coveredBy={coveringAt(place)}
                    canChange={canChange(place)}
                    reason={isReading ? undefined : reasonOf(permission)}
                    place={place}
                    isFocusable={current !== undefined && cellKey(current) === cellKey(place)}
                  />
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
