import type { ReactNode } from 'react'
import { Mark } from '../../shell/mark.tsx'
import { useDocumentTitle } from '../../ui/page.tsx'
import classes from './door.module.css'
import { DoorPreferences } from './door-preferences.tsx'

interface DoorProps {
  readonly title: string
  readonly children: ReactNode
}

/** The frame of the pages before one is signed in. */
export function Door({ title, children }: DoorProps) {
  useDocumentTitle(title)
  return (
    <div className={classes.door}>
      <header className={classes.header}>
        <Mark />
        <DoorPreferences />
      </header>
      <main className={classes.card}>
        <h1 className={classes.title}>{title}</h1>
        {children}
      </main>
    </div>
  )
}
