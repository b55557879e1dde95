// A bill of materials in the form of CycloneDX 1.6 (ECMA-424).
import { readLock } from './packages.js'

/** @typedef {import('./packages.js').Package} Package */

/**
 * What a build holds. No time and no serial number: the same contents give the same bytes.
 *
 * @param {string} root
 * @param {{ name: string, version: string, license: string }} product
 * @param {readonly Package[]} packages
 * @returns {Promise<string>} JSON.
 */
export async function cycloneDx(root, product, packages) {
  const locked = await readLock(root)
  const about = { type: 'application', ...identified(product), ...licensed(product.license) }
  const components = packages.map(found => ({
    type: 'library',
    ...identified(found),
    ...(found.isOptional && { scope: 'optional' }),
    ...licensed(found.licence),
    ...hashed(locked[found.folder]?.integrity),
  }))
  const dependencies = [
    { ref: about['bom-ref'], dependsOn: components.map(component => component['bom-ref']) },
    ...components.map(component => ({ ref: component['bom-ref'] })),
  ]
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: about },
    components,
    dependencies,
  }
  return `${JSON.stringify(bom, undefined, 2)}\n`
}

/** A package URL: the scope's at sign is escaped, its slash is not. */
function identified({ name, version }) {
  const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`
  return { 'bom-ref': purl, name, version, purl }
}

/** One identifier of the SPDX list, or an expression of several. */
function licensed(licence) {
  if (licence === undefined) return {}
  return { licenses: [/^[\w.+-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence }] }
}

/** Of the tarball, as the lock file has it. */
function hashed(integrity) {
  const base64 = /^sha512-(.+)$/.exec(integrity ?? '')?.[1]
  if (base64 === undefined) return {}
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] }
}
