// The licences of everything that travels in the build, as one text.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @typedef {import('./packages.js').Package} Package */

const isLicence = /^(?:licen[cs]e|copying|notice|unlicense)(?:[.-].*)?$|\.licen[cs]e\.txt$/i

/**
 * Throws when a package does not hold the text of its licence, unless it names MIT, whose text all know: then it may not
 * travel along.
 *
 * @param {string} root
 * @param {readonly Package[]} packages
 * @returns {Promise<string>}
 */
export async function thirdPartyLicences(root, packages) {
  const parts = await Promise.all(packages.map(found => licenceOf(root, found)))
  const heading = 'Propusk carries code and files of these packages. Each is named with its licence.'
  return [heading, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)
}

async function licenceOf(root, { name, version, folder, licence, author }) {
  const files = (await readdir(join(root, folder))).filter(file => isLicence.test(file)).sort()
  if (files.length === 0 && licence !== 'MIT')
    throw new Error(
      `${name} ${version} holds no text of its licence (${licence ?? 'none named'}): it cannot be bundled`,
    )
  const texts = await Promise.all(files.map(file => readFile(join(root, folder, file), 'utf8')))
  const title = `${name} ${version}${licence === undefined ? '' : ` (${licence})`}`
  const bodies = files.length === 0 ? [mit(author ?? `the authors of ${name}`)] : texts.map(withoutEdges)
  return [title, ...bodies].join('\n\n')
}

const withoutEdges = text => text.replaceAll('\r\n', '\n').trim()

/** https://spdx.org/licenses/MIT.html */
const mit = holder => `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
