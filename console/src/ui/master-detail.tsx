import { type CSSProperties, type ReactNode, useRef } from 'react'
import classes from './master-detail.module.css'
import { useCommonText } from './messages.ts'
import { listWidths, useListWidth } from './use-list-width.ts'

interface MasterDetailProps {
  readonly list: ReactNode
  /** The chosen thing; undefined when none is, then the list has all the room. */
  readonly detail: ReactNode | undefined
}

/** The one grammar of the console: a list on the left, its thing on the right. On a narrow screen the thing covers the list. */
export function MasterDetail({ list, detail }: MasterDetailProps) {
  const text = useCommonText()
  const frame = useRef<HTMLDivElement>(null)
  const { rem, handlers } = useListWidth(frame)
  return (
    <div
      ref={frame}
      className={classes.both}
      data-detail={detail !== undefined || undefined}
      style={{ '--list': `${rem}rem` } as CSSProperties}
    >
      <div className={classes.list}>{list}</div>
      {detail !== undefined && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a rule between two parts that can be moved, which no element is. */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={text('listWidth')}
            aria-valuenow={Math.round(rem)}
            aria-valuemin={listWidths.least}
            aria-valuemax={listWidths.most}
            tabIndex={0}
            className={classes.handle}
            {...handlers}
          />
          <section className={classes.detail}>{detail}</section>
        </>
      )}
    </div>
  )
}
