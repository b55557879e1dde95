import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { external } from '../../server/scripts/bundle.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The same for our own package: the build, and the one package beside it. */
export const ourInstalledMb = (): number => sizeOf(join(root, 'server/dist')) / 1e6 + installedMb(external)

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly link?: boolean
  readonly resolved?: string
}

type Locked = Readonly<Record<string, LockedPackage>>

/**
 * What lies on the disk once a package is installed with all that it needs at run time, in MB of 10^6 bytes: read off
 * `package-lock.json` and `node_modules`, so nothing is downloaded. Of optional packages, those for this machine.
 */
export function installedMb(name: string): number {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Locked
  }
  const places = new Set<string>()
  collect(packages, '', name, places)
  let bytes = 0
  for (const place of places) bytes += sizeOf(join(root, place))
  return bytes / 1e6
}

/** Adds where the package lies that `from` sees under this name, and everything below it. */
function collect(packages: Locked, from: string, name: string, places: Set<string>): void {
  const place = resolve(packages, from, name)
  if (place === undefined || places.has(place)) return
  places.add(place)
  const { dependencies, optionalDependencies } = packages[place]!
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    collect(packages, place, needed, places)
  }
}

/** As Node looks: beside the asking package first, then one folder up, and so on. */
function resolve(packages: Locked, from: string, name: string): string | undefined {
  const parts = from === '' ? [] : from.split('/node_modules/')
  for (let count = parts.length; count >= 0; count--) {
    const place = [...parts.slice(0, count), name].join('/node_modules/')
    const found = packages[count === 0 ? `node_modules/${name}` : place]
    if (found !== undefined) return found.link ? found.resolved : count === 0 ? `node_modules/${name}` : place
  }
  return undefined
}

/** The files of a package itself, tests of ours left out; 0 for one that is not for this machine. */
function sizeOf(path: string): number {
  if (!existsSync(path)) return 0
  let bytes = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.endsWith('.test.ts')) continue
    const inner = join(path, entry.name)
    if (entry.isDirectory()) bytes += sizeOf(inner)
    else if (entry.isFile()) bytes += statSync(inner).size
  }
  return bytes
}
