import { writeFile } from 'node:fs/promises'
import { openApiDocument, openApiFile } from './openapi-document.ts'

await writeFile(openApiFile, await openApiDocument())
