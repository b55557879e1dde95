import { composeServer } from '../src/compose.ts'
import { loadConfig } from '../src/config/index.ts'
import { openCore } from '../src/core.ts'
import { injectInto } from '../src/http/testing/inject.ts'

/** The checked-in document: what `/openapi.json` answers under the default settings, laid out for reading as a diff. */
export const openApiFile = new URL('../../docs/openapi.json', import.meta.url)

/** The text that the file should hold now. Composes a whole server on a database in memory; nothing listens. */
export async function openApiDocument(): Promise<string> {
  const core = await openCore(
    loadConfig({ PROPUSK_DATABASE_URL: 'sqlite::memory:', PROPUSK_LOG_LEVEL: 'silent' }),
  )
  const server = await composeServer(core)
  try {
    const answer = await injectInto(server.app)('/openapi.json')
    return `${JSON.stringify(answer.json(), null, 2)}\n`
  } finally {
    await server.close()
  }
}
