import type { ReactNode } from 'react'
import { BrandName, brandColors, useBrand } from '../../shell/brand.tsx'
import { ProductName, useDocumentTitle } from '../../ui/page.tsx'
import { InsecureNote } from './insecure-note.tsx'
import classes from './signed-out-frame.module.css'
import { SignedOutPreferences } from './signed-out-preferences.tsx'

interface SignedOutFrameProps {
  readonly title: string
  readonly children: ReactNode
}

/** The frame of the pages before one is signed in. */
export function SignedOutFrame({ title, children }: SignedOutFrameProps) {
  const brand = useBrand()
  const { className = '', style } = brandColors(brand)
  return (
    <div className={`${classes.frame} ${className}`} style={style}>
      <header className={classes.header}>
        <BrandName brand={brand} />
        <SignedOutPreferences />
      </header>
      <main className={classes.card}>
        <ProductName value={brand?.name ?? 'Propusk'}>
          <Title>{title}</Title>
        </ProductName>
        <InsecureNote />
        {children}
      </main>
    </div>
  )
}

function Title({ children }: { readonly children: string }) {
  useDocumentTitle(children)
  return <h1 className={classes.title}>{children}</h1>
}
