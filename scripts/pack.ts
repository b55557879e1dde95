// `npm run pack`: builds everything, and packs each package into dist/packages.
import './build.js'
import { packPropusk } from './pack-propusk.ts'

console.log(await packPropusk())
