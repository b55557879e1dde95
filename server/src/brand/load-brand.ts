import { readFileSync, statSync } from 'node:fs'

/** How the product calls itself on the sign-in pages. */
export interface Brand {
  readonly name: string
  /** `#rrggbb`; null is our own. */
  readonly color: string | null
  /** A `data:` address, which the policy of the pages lets them show; null is our own. */
  readonly logo: string | null
}

const mostKib = 64

/**
 * The SVG or PNG file as a `data:` address; undefined where none is named. In an `img` no script of an SVG runs (SVG 2, section
 * 2.2.1). Throws an Error that says what is wrong with the file.
 */
export function loadLogo(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const bytes = readLogo(path)
  const isPng = bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
  const isSvg = /^\s*(?:<\?xml|<!--|<svg[\s>])/.test(
    bytes.subarray(0, 500).toString('utf8').replace('\ufeff', ''),
  )
  if (!isPng && !isSvg) throw new Error(`${path} is neither an SVG nor a PNG file`)
  return `data:image/${isPng ? 'png' : 'svg+xml'};base64,${bytes.toString('base64')}`
}

function readLogo(path: string): Buffer {
  try {
    if (statSync(path).size <= mostKib * 1024) return readFileSync(path)
  } catch (error) {
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  throw new Error(`${path} is larger than ${mostKib} KiB: it is part of every sign-in page`)
}
