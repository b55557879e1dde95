import type { ReactNode } from 'react'
import { useDocumentTitle } from '../../ui/page.tsx'
import { BrandName, brandColors, useBrand } from './brand.tsx'
import { InsecureNote } from './insecure-note.tsx'
import classes from './signed-out-frame.module.css'
import { SignedOutPreferences } from './signed-out-preferences.tsx'

interface SignedOutFrameProps {
  readonly title: string
  readonly children: ReactNode
}

/** The frame of the pages before one is signed in. */
export function SignedOutFrame({ title, children }: SignedOutFrameProps) {
  useDocumentTitle(title)
  const brand = useBrand()
  const { className = '', style } = brandColors(brand)
  return (
    <div className={`${classes.frame} ${className}`} style={style}>
      <header className={classes.header}>
        <BrandName brand={brand} />
        <SignedOutPreferences />
      </header>
      <main className={classes.card}>
        <h1 className={classes.title}>{title}</h1>
        <InsecureNote />
        {children}
      </main>
    </div>
  )
}
