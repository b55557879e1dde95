import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }

/** What the server reads beside its code: three folders of files for browsers, and one file. */
type AssetName = 'console' | 'swagger' | 'redoc' | 'leaked-passwords.bin'

/** A chunk of the build has another name; the build lays `assets/` beside the folder of the chunks. */
const isBuilt = !import.meta.url.endsWith('/server/src/assets.ts')

const packageFile = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier))
const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where each lies when the sources themselves run. `server/scripts/bundle.js` copies the same places. */
const inSources: { readonly [Name in AssetName]: () => string } = {
  console: () => beside('../../console/dist'),
  swagger: () => dirname(packageFile('@fastify/swagger-ui/static/index.html')),
  redoc: () => dirname(packageFile('redoc/bundles/redoc.standalone.js')),
  'leaked-passwords.bin': () => beside('../assets/leaked-passwords.bin'),
}

/**
 * The absolute path of a file or folder that the server reads beside its code (ADR 23). The one place that knows where these
 * lie: in the sources, in the build and in the package, which is laid out like the build.
 */
export function assetPath(name: AssetName): string {
  return isBuilt ? beside(`../assets/${name}`) : inSources[name]()
}

/** The version of this release, as `--version`, the documents and `doctor` say it. */
export const version: string = manifest.version
