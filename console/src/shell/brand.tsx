import type { Brand } from '@propusk/client'
import { type CSSProperties, useEffect, useState } from 'react'
import { readBrand } from '../session/index.ts'
import classes from './brand.module.css'
import { Logo } from './logo.tsx'

/** Read once for a page. */
let reading: Promise<Brand> | undefined

/** How the product calls itself; undefined until it is known, and where it cannot be read. */
export function useBrand(): Brand | undefined {
  const [brand, setBrand] = useState<Brand>()
  useEffect(() => {
    reading ??= readBrand()
    reading.then(setBrand, () => {
      reading = undefined
    })
  }, [])
  return brand
}

/** What stands for the product on the pages that everybody sees. */
export function BrandName({ brand }: { readonly brand: Brand | undefined }) {
  if (brand === undefined) return <span className={classes.brand} />
  if (brand.logo === null && brand.name === 'Propusk') return <Logo />
  return (
    <span className={classes.brand}>
      {brand.logo !== null && <img className={classes.logo} src={brand.logo} alt="" />}
      {brand.name}
    </span>
  )
}

/** The class and the colours of a frame whose buttons have the colour of the brand. */
export function brandColors(brand: Brand | undefined): { className?: string; style?: CSSProperties } {
  if (brand === undefined || brand.color === null) return {}
  const colors = { '--brand': brand.color, '--on-brand': readableOn(brand.color) }
  return { className: classes.colored ?? '', style: colors as CSSProperties }
}

/** Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance). */
function readableOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}
