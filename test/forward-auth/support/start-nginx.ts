import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const shipped = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../deploy/nginx/${name}`, import.meta.url)), 'utf8')

/** Its workers would else be another account, which cannot read the folder of the test. */
const asRoot = process.getuid?.() === 0 ? 'user root; ' : ''

interface Site {
  /** Where nginx listens. */
  readonly port: number
  /** Where Propusk does. */
  readonly propuskPort: number
  /** A service behind nginx, at `/echo/`. */
  readonly servicePort: number
  readonly files: Readonly<Record<string, string>>
}

/** Debian's nginx with the configuration that we ship, before a static site and a service. Resolves with what stops it. */
export async function startNginx({
  port,
  propuskPort,
  servicePort,
  files,
}: Site): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'propusk-nginx-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, 'site', path, '..'), { recursive: true })
    writeFileSync(join(folder, 'site', path), text)
  }
  for (const name of ['propusk-forward.conf', 'propusk-protect.conf']) {
    writeFileSync(join(folder, name), shipped(name).replaceAll('127.0.0.1:8000', `127.0.0.1:${propuskPort}`))
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${asRoot}daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
events {}
http {
  access_log off;
  ${temporary.map(name => `${name}_temp_path ${folder}/${name};`).join(' ')}
  types { text/plain txt; text/html html; }
  server {
    listen 127.0.0.1:${port};
    server_name _;
    root ${folder}/site;
    include ${folder}/propusk-forward.conf;
    location / { include ${folder}/propusk-protect.conf; }
    location /echo/ { include ${folder}/propusk-protect.conf; proxy_pass http://127.0.0.1:${servicePort}; }
  }
}
`,
  )
  execFileSync('nginx', ['-t', '-q', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'pipe' })
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  await untilListening(port)
  return async () => {
    child.kill('SIGQUIT')
    const exited =
      child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit')
    const deadline = setTimeout(() => child.kill('SIGTERM'), 3_000)
    await exited
    clearTimeout(deadline)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resolves once something listens; throws after 10 s. */
export async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isOpen = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (isOpen) return
    await sleep(50)
  }
  throw new Error(`nothing listens on ${port}`)
}
