import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Library, packLibrary } from '../../../scripts/pack-library.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')
const programsFolder = fileURLToPath(new URL('../programs/', import.meta.url))

/** How a program that uses a library is compiled. */
export interface Compilation {
  readonly module: 'nodenext' | 'esnext'
  readonly moduleResolution: 'nodenext' | 'bundler'
  readonly lib?: readonly string[]
  /** Packages of types beside the library's own. */
  readonly types?: readonly string[]
}

export const nodenext: Compilation = { module: 'nodenext', moduleResolution: 'nodenext' }
export const bundler: Compilation = { module: 'esnext', moduleResolution: 'bundler' }

/** An otherwise empty folder where a packed library is installed. */
export interface Installed {
  readonly tarball: string
  /** The installed package itself. */
  readonly folder: string
  /** Copies a program of test/package/programs beside the library; gives its path. */
  copy(program: string): string
  /** Compiles TypeScript that uses the library, declarations of the library included; gives the path of the JavaScript. */
  compile(name: string, source: string, compilation?: Compilation): Promise<string>
}

/** Packs a library of the workspace and installs it, without the network, where nothing else is. */
export async function installLibrary(library: Library): Promise<Installed> {
  const directory = mkdtempSync(join(tmpdir(), `propusk-${library}-`))
  after(() => rmSync(directory, { recursive: true, force: true }))
  const tarball = await packLibrary(library, join(directory, 'packed'))
  const place = join(directory, 'app')
  mkdirSync(place)
  writeFileSync(join(place, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = [
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--cache',
    join(directory, 'cache'),
  ]
  execFileSync('npm', ['install', ...flags, tarball], { cwd: place, stdio: 'pipe' })

  async function compile(name: string, source: string, compilation: Compilation = nodenext): Promise<string> {
    const { types = ['node'], lib = ['es2023'], ...modules } = compilation
    const outDir = join(place, `${name}-${compilation.moduleResolution}`)
    writeFileSync(join(place, `${name}.ts`), source)
    const project = join(place, `tsconfig.${name}.json`)
    const options = { target: 'es2023', lib, types, typeRoots: [join(root, 'node_modules/@types')], outDir }
    writeFileSync(
      project,
      JSON.stringify({
        compilerOptions: { ...options, ...modules, strict: true, skipLibCheck: false },
        files: [`${name}.ts`],
      }),
    )
    try {
      await run(process.execPath, [compiler, '--project', project], { cwd: place })
    } catch (error) {
      throw new Error(`${name}.ts does not compile:\n${(error as { readonly stdout: string }).stdout}`)
    }
    return join(outDir, `${name}.js`)
  }

  return {
    tarball,
    folder: join(place, 'node_modules/@propusk', library),
    copy(program) {
      const path = join(place, program)
      cpSync(join(programsFolder, program), path)
      return path
    },
    compile,
  }
}

export const readProgram = (name: string): string => readFileSync(join(programsFolder, name), 'utf8')

/** The blocks of TypeScript in the document of a library, in their order. */
export function examplesOf(library: Library): string[] {
  const text = readFileSync(join(root, library, 'README.md'), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!)
}
