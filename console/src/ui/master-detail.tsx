import type { ReactNode } from 'react'
import classes from './master-detail.module.css'

interface MasterDetailProps {
  readonly list: ReactNode
  /** The chosen thing; undefined when none is, then the list has all the room. */
  readonly detail: ReactNode | undefined
}

/** The one grammar of the console: a list on the left, its thing on the right. On a narrow screen the thing covers the list. */
export function MasterDetail({ list, detail }: MasterDetailProps) {
  return (
    <div className={classes.both} data-chosen={detail !== undefined || undefined}>
      <div className={classes.list}>{list}</div>
      {detail !== undefined && <section className={classes.detail}>{detail}</section>}
    </div>
  )
}
