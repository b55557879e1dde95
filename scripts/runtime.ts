// What an artifact that brings its own Node.js holds beside the build of the server.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))
export const built = join(root, 'server/dist')

/** What `server/scripts/bundle.js` leaves out of the bundle. */
const external = '@node-rs/argon2'

const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8'))

/** The version that every artifact carries in its name. */
export const { version } = (await readJson(join(root, 'server/package.json'))) as { readonly version: string }

/** The platform that runs this, and so the one that an artifact is made for, such as `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`

/**
 * The text of the licence of the Node.js that runs this. It must be in the repository, because the package that brings
 * Node.js leaves it out.
 */
export async function nodeLicence(): Promise<string> {
  const file = `scripts/licences/node-${process.versions.node}.txt`
  try {
    return await readFile(join(root, file), 'utf8')
  } catch {
    throw new Error(
      `${file} is missing: an artifact must carry the licence of its Node.js. Take LICENSE of that release, and remove the one of the release before.`,
    )
  }
}

/** Argon2 and its binary for this platform: each file by its path below `node_modules`. */
export async function nativeFiles(): Promise<ReadonlyMap<string, string>> {
  const scope = external.split('/', 1)[0]!
  const folder = join(root, 'node_modules', scope)
  const names = (await readdir(folder)).filter(name => `${scope}/${name}`.startsWith(external))
  const files = new Map<string, string>()
  for (const name of names.toSorted()) {
    const { os = [process.platform], cpu = [process.arch] } = await readJson(
      join(folder, name, 'package.json'),
    )
    if (!os.includes(process.platform) || !cpu.includes(process.arch)) continue
    // Types, pages for browsers and documents are for no program that runs.
    const shipped = (await readdir(join(folder, name))).filter(file =>
      /^(?:LICENSE|package\.json|index\.js|.*\.node)$/.test(file),
    )
    for (const file of shipped.toSorted()) files.set(`${scope}/${name}/${file}`, join(folder, name, file))
  }
  if (![...files.keys()].some(path => path.endsWith('.node')))
    throw new Error(`${external} has no binary for ${platform} in node_modules. Run: npm ci`)
  return files
}

/** A part of an artifact that is no package of npm. */
export interface Part {
  readonly type: 'platform' | 'library'
  readonly name: string
  readonly version: string
  /** https://github.com/package-url/purl-spec */
  readonly purl: string
  readonly licence: string
}

export const nodePart: Part = {
  type: 'platform',
  name: 'node',
  version: process.versions.node,
  purl: `pkg:github/nodejs/node@v${process.versions.node}`,
  licence: 'MIT, and those of the libraries in it',
}

interface Component {
  readonly name: string
  readonly scope?: string
  readonly 'bom-ref': string
}

/**
 * The bill of materials of the build for an artifact of this platform: with these parts, and without Argon2's binaries for
 * other platforms, which the build lists as optional.
 */
export async function billOfMaterials(parts: readonly Part[]): Promise<string> {
  const bom = await readJson(join(built, 'sbom.cdx.json'))
  const native = new Set([...(await nativeFiles()).keys()].map(path => path.split('/').slice(0, 2).join('/')))
  const kept = (bom.components as readonly Component[])
    .filter(({ name, scope }) => scope !== 'optional' || native.has(name))
    .map(({ scope: _, ...component }) => component)
  const added = parts.map(({ licence, ...part }) => ({
    ...part,
    'bom-ref': part.purl,
    licenses: [{ license: { name: licence } }],
  }))
  bom.components = [...kept, ...added]
  const refs = bom.components.map((component: Component) => component['bom-ref'])
  const about = bom.metadata.component['bom-ref']
  bom.dependencies = [{ ref: about, dependsOn: refs }, ...refs.map((ref: string) => ({ ref }))]
  return `${JSON.stringify(bom, undefined, 2)}\n`
}
