import { type KeyboardEvent, useRef, useState } from 'react'
import { PermissionCell } from './permission-cell.tsx'
import classes from './permission-grid.module.css'
import { usePermissionText } from './permission-messages.ts'

export interface GridRow {
  readonly code_name: string
  readonly name: string
}

interface PermissionGridProps {
  readonly resources: readonly GridRow[]
  readonly actions: readonly string[]
  readonly held: ReadonlySet<string>
  /** Permissions that are to become otherwise than they are held. */
  readonly flipped: ReadonlySet<string>
  /** Absent where nothing can be changed. */
  readonly onFlip?: (permission: string) => void
}

/** Resources by actions. One cell has the focus; arrows, Home and End move it, Space and Enter flip it. */
export function PermissionGrid({ resources, actions, held, flipped, onFlip }: PermissionGridProps) {
  const text = usePermissionText()
  const table = useRef<HTMLTableElement>(null)
  const [focused, setFocused] = useState({ row: 0, column: 0 })
  const row = Math.min(focused.row, resources.length - 1)
  const column = Math.min(focused.column, actions.length - 1)

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, readonly [row: number, column: number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [row, 0],
      End: [row, actions.length - 1],
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const [toRow, toColumn] = step
    if (resources[toRow] === undefined || actions[toColumn] === undefined) return
    table.current?.querySelector<HTMLElement>(`[data-cell="${toRow}.${toColumn}"]`)?.focus()
  }

  return (
    <div className={classes.scroller}>
      <table ref={table} aria-label={text('grid')} className={classes.grid} onKeyDown={onKeyDown}>
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
          {resources.map(({ code_name, name }, rowIndex) => {
            const all = `${code_name}:all`
            const isCovered = held.has(all) !== flipped.has(all)
            return (
              <tr key={code_name} data-covered={isCovered || undefined}>
                <th scope="row" title={`${name}\n${code_name}`}>
                  <span className={classes.resource}>{name}</span> <code>{code_name}</code>
                </th>
                {actions.map((action, columnIndex) => {
                  const permission = `${code_name}:${action}`
                  return (
                    <PermissionCell
                      key={action}
                      permission={permission}
                      isHeld={held.has(permission)}
                      isFlipped={flipped.has(permission)}
                      coveredBy={isCovered && action !== 'all' ? all : undefined}
                      position={`${rowIndex}.${columnIndex}`}
                      isFocusable={rowIndex === row && columnIndex === column}
                      onFocus={() => setFocused({ row: rowIndex, column: columnIndex })}
                      onFlip={onFlip}
                    />
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
