import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const kept = join(root, 'test/upgrade/releases')

/** A release that can be started beside the present one. */
export interface UnpackedRelease {
  readonly version: string
  /** Its `main.js`. */
  readonly main: string
  remove(): void
}

/**
 * Unpacks the newest release that was kept, its own gate included. Packages come from this checkout: those that it
 * names, in the versions that are installed here. Outside `node_modules`, where Node would not strip types.
 */
export function unpackPreviousRelease(): UnpackedRelease {
  const version = newestKept()
  const home = mkdtempSync(join(tmpdir(), `propusk-${version}-`))
  execFileSync('tar', ['-xzf', join(kept, `${version}.tar.gz`), '-C', home])
  symlinkSync(join(root, 'server/assets'), join(home, 'server/assets'), 'dir')
  const named = JSON.parse(readFileSync(join(home, 'server/package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of Object.keys(named.dependencies)) {
    const link = join(home, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    const own = name === '@propusk/gate' ? join(home, 'gate') : join(root, 'node_modules', name)
    symlinkSync(own, link, 'dir')
  }
  return {
    version,
    main: join(home, 'server/src/main.js'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

function newestKept(): string {
  const versions = readdirSync(kept).map(name => name.replace('.tar.gz', ''))
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (newest === undefined) throw new Error(`There is no release in ${kept}: npm run release:keep -- COMMIT`)
  return newest
}
