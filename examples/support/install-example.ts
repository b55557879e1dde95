import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Library, packLibrary } from '../../scripts/pack-library.ts'

const root = join(import.meta.dirname, '../..')

/**
 * Copies an example to the folder and installs what its package.json names: our libraries from the packages that `npm run
 * pack` makes, the others as `npm ci` has installed them for this repository, so that no network is needed. Gives the folder.
 */
export async function installExample(name: string, folder: string): Promise<string> {
  cpSync(join(import.meta.dirname, '..', name), folder, { recursive: true })
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as {
    readonly dependencies: Readonly<Record<string, string>>
    readonly devDependencies: Readonly<Record<string, string>>
  }
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
    const place = join(folder, 'node_modules', dependency)
    mkdirSync(dirname(place), { recursive: true })
    const [, library] = /^@propusk\/(gate|client)$/.exec(dependency) ?? []
    if (library === undefined) link(dependency, place)
    else await unpack(library as Library, place)
  }
  return folder
}

function link(dependency: string, place: string): void {
  const installed = join(root, 'node_modules', dependency)
  if (!existsSync(installed)) throw new Error(`${dependency} is not installed. Run: npm ci --include=dev`)
  symlinkSync(installed, place, 'dir')
}

async function unpack(library: Library, place: string): Promise<void> {
  const tarball = await packLibrary(library, join(place, '../.packed'))
  mkdirSync(place)
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1'])
}
