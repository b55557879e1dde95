import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import {
  addressesOf,
  missingPrograms,
  prepareSite,
  settingsOf,
  startSite,
} from '../../examples/support/nginx-site.ts'
import { type Started, startDemo } from '../../examples/support/start.ts'
import { build } from './build.ts'
import { freePort } from './free-port.ts'
import { reportMissing } from './report-missing.ts'

const missing = missingPrograms()
if (missing.length > 0) reportMissing(missing.join(' and '), 'the site behind nginx is not tried')

export const lacksNginx = missing.length > 0

/** Two accounts of the demo: the reader holds `site_reports:read`. */
export const ordinary = { email: 'user@example.com', password: 'user-demo' }
export const reader = { email: 'supervisor@example.com', password: 'supervisor-demo' }

export interface NginxSite {
  /** Of nginx, which serves the site and Propusk by https. */
  port: number
  /** Of the site. */
  url: string
  /** Of Propusk, through nginx. */
  publicUrl: string
  /** Of Propusk itself. */
  demoUrl: string
}

/** The example `nginx-site`, which runs from before the first test of the suite until after its last. */
export function nginxSite(): NginxSite {
  const folder = mkdtempSync(join(tmpdir(), 'propusk-nginx-site-'))
  const running: Started[] = []
  const site: NginxSite = { port: 0, url: '', publicUrl: '', demoUrl: '' }
  before(async () => {
    await build('console', 'server')
    const [port, propusk] = [await freePort(), await freePort()]
    const demo = await startDemo(join(folder, 'demo'), propusk, settingsOf(port))
    running.push(demo)
    await prepareSite(demo.url)
    const started = await startSite(join(folder, 'site'), { nginx: port, propusk })
    running.push(started)
    Object.assign(site, { port, url: started.url, publicUrl: addressesOf(port).publicUrl, demoUrl: demo.url })
  })
  after(async () => {
    for (const program of running.reverse()) await program.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return site
}
