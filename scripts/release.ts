// `npm run release`: checks, and makes all that is published into dist/release, for the platform that runs this.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { packBinary } from './pack-binary.ts'
import { packImage } from './pack-image.ts'
import { libraries, packLibrary } from './pack-library.ts'
import { packPropusk } from './pack-propusk.ts'
import { built, nodeLicence, root, version } from './runtime.ts'

const release = join(root, 'dist/release')

function npm(...args: readonly string[]): void {
  execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** What each file is, by its name and in the order of the README. */
type Contents = Map<string, string>

async function fill(folder: string): Promise<Contents> {
  const contents: Contents = new Map()
  const add = (path: string, about: string) => contents.set(basename(path), about)

  add(await packPropusk(folder), 'The server for npm, on Node.js as `package.json` in it says')
  for (const library of libraries)
    add(await packLibrary(library, folder), `\`@propusk/${library}\` for npm: a library, as its README says`)
  const binary = await packBinary(folder)
  add(binary, 'The server as one file for this platform, with its own Node.js')
  const image = await packImage(folder)
  // The same in a folder, which a tool that reads the tar does not need.
  await rm(image.replace(/\.oci\.tar$/, ''), { recursive: true })
  add(image, 'The server as an image of the OCI: `docker load --input` or `podman load --input`')

  const npmBill = `propusk-${version}.tgz.sbom.cdx.json`
  await copyFile(join(built, 'sbom.cdx.json'), join(folder, npmBill))
  for (const path of [npmBill, `${binary}.sbom.cdx.json`, `${image}.sbom.cdx.json`])
    add(path, `Bill of materials of \`${basename(path, '.sbom.cdx.json')}\` (CycloneDX)`)

  for (const name of ['LICENSE', 'NOTICE', 'CHANGELOG.md'])
    await copyFile(join(root, name), join(folder, name))
  add('LICENSE', 'Apache-2.0')
  add('NOTICE', 'What of it comes from others')
  add('CHANGELOG.md', 'What has changed')
  await copyFile(join(built, 'THIRD-PARTY-LICENSES.txt'), join(folder, 'THIRD-PARTY-LICENSES.txt'))
  add('THIRD-PARTY-LICENSES.txt', 'The licences of all packages that are bundled')
  await writeFile(join(folder, 'node-LICENSE.txt'), await nodeLicence())
  add('node-LICENSE.txt', 'The licence of the Node.js in the one file and in the image')
  return contents
}

const readme = (contents: Contents) => `# Propusk ${version}

| file | what it is |
|---|---|
${[...contents].map(([name, about]) => `| \`${name}\` | ${about} |`).join('\n')}

To check what was copied: \`sha256sum --check SHA256SUMS\`. The libraries of Debian in the image have their licences and the
addresses of their sources in it, below \`/usr/share/doc\`.
`

/** In the form of coreutils. */
async function checksums(folder: string): Promise<string> {
  const names = (await readdir(folder)).toSorted()
  const lines = await Promise.all(
    names.map(async name => {
      const hash = createHash('sha256').update(await readFile(join(folder, name)))
      return `${hash.digest('hex')}  ${name}\n`
    }),
  )
  return lines.join('')
}

npm('run', 'check')
npm('run', 'build')
const stage = join(root, 'dist/.release')
await rm(stage, { recursive: true, force: true })
await mkdir(stage, { recursive: true })
await writeFile(join(stage, 'README.md'), readme(await fill(stage)))
await writeFile(join(stage, 'SHA256SUMS'), await checksums(stage))
await rm(release, { recursive: true, force: true })
await rename(stage, release)
console.log(release)
