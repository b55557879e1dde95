import { ActionIcon, Tooltip } from '@mantine/core'
import { ArrowLeft, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './detail.module.css'
import { useCommonText } from './messages.ts'

interface DetailProps {
  readonly title: string
  /** What stands before the title, such as a face. */
  readonly media?: ReactNode
  /** In what state it is, after the title. */
  readonly state?: ReactNode
  /** Its id and its other names, under the title. */
  readonly names?: ReactNode
  /** What can be done with it; the dangerous thing last. */
  readonly actions?: ReactNode
  /** Leads back to the list. */
  onBack(): void
  readonly children: ReactNode
}

/** The thing at the right of a list: who or what it is, what can be done with it, and the sections of its story. */
export function Detail({ title, media, state, names, actions, onBack, children }: DetailProps) {
  const text = useCommonText()
  const heading = useRef<HTMLHeadingElement>(null)
  const root = useRef<HTMLDivElement>(null)
  // Another thing is read from its beginning, wherever the one before was left. And on a narrow screen the thing covers
  // the list, and with it the row that had the focus.
  useEffect(() => {
    root.current?.parentElement?.scrollTo(0, 0)
    const { activeElement } = document
    const isLost = !(activeElement instanceof HTMLElement) || activeElement.offsetParent === null
    if (isLost) heading.current?.focus()
  }, [])

  return (
    <div ref={root} className={classes.detail}>
      <header className={classes.header}>
        <div className={classes.who}>
          <Tooltip label={text('backToList')}>
            <ActionIcon
              className={classes.back}
              variant="subtle"
              color="gray"
              onClick={onBack}
              aria-label={text('backToList')}
            >
              <ArrowLeft size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {media}
          <div className={classes.heading}>
            <div className={classes.titleLine}>
              <h2 ref={heading} tabIndex={-1} className={classes.title}>
                {title}
              </h2>
              {state}
            </div>
            {names !== undefined && <div className={classes.names}>{names}</div>}
          </div>
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        <Tooltip label={text('close')}>
          <ActionIcon
            className={classes.close}
            variant="subtle"
            color="gray"
            onClick={onBack}
            aria-label={text('close')}
          >
            <X size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </header>
      {children}
    </div>
  )
}
