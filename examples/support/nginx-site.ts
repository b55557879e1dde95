import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asSuperuser, giveRole } from './demo-api.ts'
import { type Started, startProgram } from './start.ts'

const root = join(import.meta.dirname, '../..')

/** What the example needs and this machine lacks. */
export const missingPrograms = (): string[] =>
  [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ]
    .filter(([program, argument]) => {
      try {
        execFileSync(program!, [argument!], { stdio: 'ignore' })
        return false
      } catch {
        return true
      }
    })
    .map(([program]) => program!)

/** The addresses of the example, by the port of its nginx. A browser knows every name below `localhost` as this machine. */
export const addressesOf = (port: number) => ({
  publicUrl: `https://auth.propusk.localhost:${port}`,
  site: `https://site.propusk.localhost:${port}`,
})

/** The settings by which Propusk leads browsers to its sign-in and back. */
export const settingsOf = (port: number) => ({
  PROPUSK_PUBLIC_URL: addressesOf(port).publicUrl,
  PROPUSK_FORWARD_COOKIE_DOMAIN: 'propusk.localhost',
  PROPUSK_TRUST_PROXY: '127.0.0.1',
})

/** Makes the rules of the site, and a role for supervisor@example.com that reads its reports. `url` is that of Propusk itself. */
export async function prepareSite(url: string): Promise<void> {
  const ask = await asSuperuser(url)
  await ask('POST', '/resources/', { name: 'Reports of the site', code_name: 'site_reports' })
  const reader = { code_name: 'report_reader', permissions: ['site_reports:read'] }
  await giveRole(ask, { email: 'supervisor@example.com', ...reader })
  const rules = [
    { path: '/open/*', access: 'public' },
    { path: '/reports/*', access: 'site_reports:read' },
    { path: '/*', access: 'signed_in' },
  ]
  for (const rule of rules) {
    await ask('POST', '/forward_rules/', { host: 'site.propusk.localhost', methods: ['GET'], ...rule })
  }
}

interface Ports {
  readonly nginx: number
  readonly propusk: number
}

/** Copies the site with its configuration to the folder, and starts nginx there with a certificate of its own. */
export async function startSite(folder: string, { nginx, propusk }: Ports): Promise<Started> {
  cpSync(join(root, 'examples/nginx-site'), folder, { recursive: true })
  mkdirSync(join(folder, 'temporary'))
  const files = ['nginx.conf', 'propusk-forward.conf', 'propusk-protect.conf']
  cpSync(join(root, 'deploy/nginx'), folder, { recursive: true })
  for (const file of files.map(name => join(folder, name))) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replaceAll(':3443', `:${nginx}`).replaceAll(':8000', `:${propusk}`))
  }
  makeCertificate(folder)
  // Its workers would else be another account, which cannot read the folder.
  const asRoot = process.getuid?.() === 0 ? ['-g', 'user root;'] : []
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), ...asRoot]
  const stop = startProgram('nginx', args)
  const { site } = addressesOf(nginx)
  await untilListening(nginx)
  return { url: site, stop }
}

/** Signed by itself, so a browser warns of it; good for a month. */
function makeCertificate(folder: string): void {
  const names = 'subjectAltName=DNS:*.propusk.localhost'
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', 'key.pem']
  const args = [
    'req',
    '-x509',
    ...key,
    '-out',
    'certificate.pem',
    '-days',
    '30',
    '-subj',
    '/CN=propusk.localhost',
  ]
  execFileSync('openssl', [...args, '-addext', names], { cwd: folder, stdio: 'pipe' })
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    // Without a certificate that is known every fetch fails; a refused connection says so.
    const reason = await fetch(`https://127.0.0.1:${port}/`).catch(error => error.cause?.code)
    if (reason !== 'ECONNREFUSED') return
    await sleep(50)
  }
  throw new Error(`nginx does not listen on port ${port}`)
}
