// `npm run sbom`: the bill of materials of the build, in the form of CycloneDX, on standard output.
import { existsSync, readFileSync } from 'node:fs'

const file = new URL('../server/dist/sbom.cdx.json', import.meta.url)
if (existsSync(file)) process.stdout.write(readFileSync(file))
else {
  console.error('Propusk is not built. Run: npm run build')
  process.exitCode = 1
}
