import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmPack } from './npm-pack.ts'

/** What `server/scripts/bundle.js` leaves out of the bundle: all that an install brings beside it. */
const installed = ['@node-rs/argon2']

const root = fileURLToPath(new URL('../', import.meta.url))

/** Packs the build of the server as the package `propusk`; gives the path of the tarball. Needs `npm run build`. */
export async function packPropusk(destination = join(root, 'dist/packages')): Promise<string> {
  await mkdir(destination, { recursive: true })
  // Beside its destination, so that the last step is a rename.
  const stage = await mkdtemp(join(destination, '.propusk-'))
  try {
    const content = join(stage, 'package')
    await fillPackage(content)
    const name = await npmPack(content, stage)
    await rename(join(stage, name), join(destination, name))
    return join(destination, name)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

async function fillPackage(content: string): Promise<void> {
  const built = join(root, 'server/dist')
  for (const name of ['main.js', 'chunks', 'assets'])
    await cp(join(built, name), join(content, 'dist', name), { recursive: true })
  for (const name of ['THIRD-PARTY-LICENSES.txt', 'sbom.cdx.json'])
    await cp(join(built, name), join(content, name))
  for (const name of ['LICENSE', 'NOTICE', 'server/README.md'])
    await cp(join(root, name), join(content, name.replace('server/', '')))
  await writeFile(
    join(content, 'package.json'),
    `${JSON.stringify(await publishedManifest(), undefined, 2)}\n`,
  )
}

async function publishedManifest() {
  const { version, description, license, type, engines, dependencies } = JSON.parse(
    await readFile(join(root, 'server/package.json'), 'utf8'),
  )
  return {
    name: 'propusk',
    version,
    description,
    license,
    type,
    bin: { propusk: 'dist/main.js' },
    engines,
    dependencies: Object.fromEntries(installed.map(name => [name, dependencies[name]])),
  }
}
