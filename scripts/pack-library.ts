import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { npmPack } from './npm-pack.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

/** Folders of the workspace that are published as libraries. */
export const libraries = ['gate', 'client'] as const
export type Library = (typeof libraries)[number]

interface Manifest {
  readonly exports: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/**
 * Builds a library and packs it as npm does; gives the path of the tarball, which takes the place of an older one at
 * once. Two runs give the same bytes. What lies in the repository stays as it is: inside the workspace a library is
 * its sources, and only the packed `package.json` names what was built (ADR 0025).
 */
export async function packLibrary(
  library: Library,
  destination = join(root, 'dist/packages'),
): Promise<string> {
  await mkdir(destination, { recursive: true })
  // Beside its destination, so that the last step is a rename; a folder of its own, so that two runs do not meet.
  const stage = await mkdtemp(join(destination, `.${library}-`))
  try {
    const content = join(stage, 'package')
    await fillPackage(join(root, library), content)
    const name = await npmPack(content, stage)
    const tarball = join(destination, name)
    await rename(join(stage, name), tarball)
    return tarball
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

async function fillPackage(library: string, content: string): Promise<void> {
  const isShipped = (path: string) => !path.endsWith('.test.ts')
  await cp(join(library, 'src'), join(content, 'src'), { recursive: true, filter: isShipped })
  await cp(join(library, 'README.md'), join(content, 'README.md'))
  // Not NOTICE: what it speaks of is in the server alone.
  await cp(join(root, 'LICENSE'), join(content, 'LICENSE'))
  const manifest = JSON.parse(await readFile(join(library, 'package.json'), 'utf8')) as Manifest
  const published = JSON.stringify(publishedManifest(manifest), undefined, 2)
  await writeFile(join(content, 'package.json'), `${published}\n`)
  // After the manifest, from which the compiler learns that these are ES modules.
  await compile(content)
}

async function compile(content: string): Promise<void> {
  const project = join(content, 'tsconfig.json')
  await writeFile(project, JSON.stringify({ extends: join(root, 'tsconfig.library.json') }))
  // An adapter names the types of its framework, wherever the package is built.
  const modules = join(content, 'node_modules')
  await symlink(join(root, 'node_modules'), modules)
  try {
    await run(process.execPath, [compiler, '--project', project])
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    throw new Error(`The library does not compile:\n${stdout}${stderr}`)
  }
  await rm(project)
  await rm(modules)
  const dist = join(content, 'dist')
  for (const name of await readdir(dist, { recursive: true })) {
    if (name.endsWith('.d.ts')) await nameWhatWasBuilt(join(dist, name))
  }
}

/** The compiler rewrites `./gate.ts` to `./gate.js` in JavaScript and leaves it in declarations, beside which there is no such file. */
async function nameWhatWasBuilt(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replaceAll(/(\bfrom |\bimport\()'(\.{1,2}\/[^']+)\.ts'/g, "$1'$2.js'"))
}

/** The manifest of the workspace, with what was built in the place of the sources. */
const publishedManifest = ({ exports, ...manifest }: Manifest) => ({
  ...manifest,
  exports: {
    ...Object.fromEntries(
      Object.entries(exports).map(([path, source]) => {
        const built = source.replace('./src/', './dist/').replace(/\.ts$/, '')
        return [path, { types: `${built}.d.ts`, default: `${built}.js` }]
      }),
    ),
    './package.json': './package.json',
  },
  files: ['dist', 'src'],
})
