import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Part } from './runtime.ts'

const run = promisify(execFile)

/** A shared library of this machine, and the package of Debian that it comes from. */
export interface Library {
  /** Where the loader looks for it. */
  readonly path: string
  readonly package: DebianPackage
}

export interface DebianPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** The package of sources that it was built from, at https://snapshot.debian.org/package/<name>/<version>/. */
  readonly source: { readonly name: string; readonly version: string }
  /** The text of its licences. */
  readonly copyright: string
}

/** The release whose libraries an image carries, the same as in deploy/image/Dockerfile. */
const release = '12'

/** All shared libraries that these programs load. Throws on a machine that is not Debian 12. */
export async function librariesOf(programs: readonly string[]): Promise<Library[]> {
  await assertDebian()
  const paths = new Set<string>()
  for (const program of programs) {
    const { stdout } = await run('ldd', [program])
    for (const [path] of stdout.matchAll(/(?<=\s)\/\S+/g)) paths.add(path)
  }
  const packages = new Map<string, Promise<DebianPackage>>()
  return await Promise.all(
    [...paths].toSorted().map(async path => {
      const name = await packageOf(path)
      const described = packages.get(name) ?? describe(name)
      packages.set(name, described)
      return { path, package: await described }
    }),
  )
}

async function assertDebian(): Promise<void> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  if (!/^ID=debian$/m.test(text) || !text.includes(`VERSION_ID="${release}"`))
    throw new Error(
      `An image carries libraries of Debian ${release}, so it is made there. Elsewhere: docker build, with deploy/image/Dockerfile.`,
    )
}

/** Debian knows some files below /lib, and some below /usr/lib, which are the same folder. */
async function packageOf(path: string): Promise<string> {
  for (const known of [path, `/usr${path}`, await realpath(path)]) {
    const { stdout } = await run('dpkg-query', ['--search', known]).catch(() => ({ stdout: '' }))
    const name = /^([^:,\s]+)/.exec(stdout)?.[1]
    if (name !== undefined) return name
  }
  throw new Error(`${path} belongs to no package of Debian, so its licence is not known`)
}

async function describe(name: string): Promise<DebianPackage> {
  const fields = ['Version', 'Architecture', 'source:Package', 'source:Version']
  const format = fields.map(field => `\${${field}}`).join(' ')
  const { stdout } = await run('dpkg-query', ['--show', `--showformat=${format}`, name])
  const [version = '', architecture = '', source = '', sourceVersion = ''] = stdout.split(' ')
  return {
    name,
    version,
    architecture,
    source: { name: source, version: sourceVersion },
    copyright: await readFile(`/usr/share/doc/${name}/copyright`, 'utf8'),
  }
}

export const partOf = ({ name, version, architecture }: DebianPackage): Part => ({
  type: 'library',
  name,
  version,
  purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-${release}`,
  licence: `/usr/share/doc/${name}/copyright in the image`,
})
