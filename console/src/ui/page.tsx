import type { ReactNode } from 'react'
import { createContext, use, useEffect } from 'react'
import classes from './page.module.css'

interface PageProps {
  readonly title: string
  /** One sentence under the title, where the title alone does not say what the screen is for. */
  readonly lead?: ReactNode
  /** What can be done here; the main thing last, at the right. */
  readonly actions?: ReactNode
  /** Whether the content fills the window and scrolls by itself, as a table does. */
  readonly fills?: boolean
  readonly children: ReactNode
}

/** A screen: its title, what can be done, and the rest. The title of the browser's tab follows. */
export function Page({ title, lead, actions, fills = false, children }: PageProps) {
  useDocumentTitle(title)
  return (
    <div className={classes.page} data-fills={fills || undefined}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{title}</h1>
          {lead !== undefined && (
            <p className={classes.lead} title={typeof lead === 'string' ? lead : undefined}>
              {lead}
            </p>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={classes.content}>{children}</div>
    </div>
  )
}

/** What the product calls itself in the titles of the browser's tabs. */
export const ProductName = createContext('Propusk')

export function useDocumentTitle(title: string): void {
  const product = use(ProductName)
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}
