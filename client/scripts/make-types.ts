import { readFileSync, writeFileSync } from 'node:fs'
import { type OpenApi, typesSource } from './types-source.ts'

/** Makes client/src/types.ts from docs/openapi.json; both are checked in and made together by `npm run openapi`. */
const document = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as OpenApi
writeFileSync(new URL('../src/types.ts', import.meta.url), typesSource(document))
