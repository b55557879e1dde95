// `npm run pack`: builds everything, and packs each package into dist/packages.
import './build.js'
import { libraries, packLibrary } from './pack-library.ts'
import { packPropusk } from './pack-propusk.ts'

console.log(await packPropusk())
for (const library of libraries) console.log(await packLibrary(library))
