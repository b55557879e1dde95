// `npm run pack:binary`: the server as one file for the platform that runs this.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import {
  billOfMaterials,
  built,
  nativeFiles,
  nodeLicence,
  nodePart,
  platform,
  root,
  version,
} from './runtime.ts'

const run = promisify(execFile)

/** Packs the build, Argon2 and the Node.js that runs this; gives the path of the executable. Needs `npm run build`. */
export async function packBinary(destination = join(root, 'dist/binary')): Promise<string> {
  await mkdir(destination, { recursive: true })
  const name = `propusk-${version}-${platform}${process.platform === 'win32' ? '.exe' : ''}`
  // Beside its destination, so that the last step is a rename.
  const stage = await mkdtemp(join(destination, '.binary-'))
  try {
    const output = join(stage, name)
    const config = join(stage, 'sea.json')
    await writeFile(config, JSON.stringify(await configuration(stage, output)))
    await run(process.execPath, ['--build-sea', config])
    // macOS runs nothing that is not signed, and the signature of Node.js does not fit any more.
    if (process.platform === 'darwin') await run('codesign', ['--sign', '-', output])
    await rename(output, join(destination, name))
    await writeFile(join(destination, `${name}.sbom.cdx.json`), await billOfMaterials([nodePart]))
    return join(destination, name)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** Of `node --build-sea`: https://nodejs.org/api/single-executable-applications.html */
const configuration = async (stage: string, output: string) => ({
  main: join(built, 'main.js'),
  mainFormat: 'module',
  output,
  disableExperimentalSEAWarning: true,
  // The assets are files of a read-only file system, from which the main script imports and the server reads.
  useVfs: true,
  assets: await assets(stage),
})

/** The build as it lies in `server/dist`, with Argon2 and the licences: each file by its path in the executable. */
async function assets(stage: string): Promise<Record<string, string>> {
  const entries = await readdir(built, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map(file => [relative(built, file).replaceAll('\\', '/'), file] as const)
    .filter(([path]) => path !== 'main.js')
  const native = [...(await nativeFiles())].map(([path, file]) => [`node_modules/${path}`, file] as const)
  const made = {
    'package.json': JSON.stringify({ name: 'propusk', version, type: 'module' }),
    'node-LICENSE.txt': await nodeLicence(),
    'sbom.cdx.json': await billOfMaterials([nodePart]),
  }
  for (const [path, text] of Object.entries(made)) await writeFile(join(stage, path), text)
  const texts = ['LICENSE', 'NOTICE'].map(name => [name, join(root, name)] as const)
  const all = new Map([...files, ...native, ...texts])
  for (const path of Object.keys(made)) all.set(path, join(stage, path))
  // Their order is part of the executable.
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

if (import.meta.main) console.log(await packBinary())
