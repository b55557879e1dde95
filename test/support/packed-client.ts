import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { packLibrary } from '../../scripts/pack-library.ts'

/** The files of the packed client, which pages of a context import from `/client/index.js` of any origin. */
export async function packedClient(): Promise<(context: BrowserContext) => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'propusk-packed-client-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  execFileSync('tar', ['-xzf', await packLibrary('client', folder), '-C', folder])
  return async context => {
    await context.route(/\/client\/[\w/-]+\.js$/, route => {
      const [, file] = /\/client\/(.*)$/.exec(new URL(route.request().url()).pathname)!
      const body = readFileSync(join(folder, 'package/dist', file!), 'utf8')
      return route.fulfill({ body, contentType: 'text/javascript' })
    })
  }
}
