// Which packages the modules of a bundle come from.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} folder From the root of the repository, with `/`.
 * @property {string | undefined} licence An SPDX expression.
 * @property {string} [author]
 * @property {boolean} [isOptional] Installed on some platforms only.
 */

/** @returns {Promise<any>} The package.json of a folder. */
export const readManifest = async folder => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))

/** @returns {Promise<Record<string, any>>} What package-lock.json says of each folder. */
export const readLock = async root =>
  JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages

/**
 * The packages below `node_modules` that these files belong to, each once, by name and version.
 *
 * @param {string} root
 * @param {Iterable<string>} files Absolute paths; what lies in no package of others is left out.
 * @returns {Promise<Package[]>}
 */
export async function packagesOf(root, files) {
  const folders = new Set(
    [...files].map(file => packageFolder(root, file)).filter(folder => folder !== undefined),
  )
  const packages = await Promise.all([...folders].map(folder => describePackage(root, folder)))
  return sorted(packages)
}

/**
 * The folder of the package that a file lies in: what follows the last `node_modules` is its name.
 * A nested package.json without a name, as for `type`, is none.
 */
function packageFolder(root, file) {
  // What a bundler adds of its own has no file: its name begins with a NUL.
  if (file.startsWith('\0'))
    return join(root, 'node_modules', file.startsWith('\0vite') ? 'vite' : 'rolldown')
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/s.exec(file)?.[0]
}

/** @returns {Promise<Package>} */
export async function describePackage(root, folder) {
  const { name, version, license, licenses, author } = await readManifest(folder)
  const licence = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type)
  return {
    name,
    version,
    folder: relative(root, folder).replaceAll('\\', '/'),
    licence,
    author: typeof author === 'string' ? author : author?.name,
  }
}

/**
 * @param {Iterable<Package>} packages
 * @returns {Package[]} Each name and version once, in an order that no locale changes.
 */
export function sorted(packages) {
  const byKey = new Map([...packages].map(found => [`${found.name}@${found.version}`, found]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found)
}

/** The files of an output of Rolldown or Vite whose code or content is really in it. */
export function filesIn(output) {
  return output.flatMap(part =>
    part.type === 'asset'
      ? (part.originalFileNames ?? [])
      : Object.entries(part.modules)
          // A style sheet leaves no code in its chunk, but its rules in a file beside it.
          .filter(([id, { renderedLength }]) => renderedLength > 0 || /\.css(?:\?|$)/.test(id))
          .map(([id]) => id),
  )
}
