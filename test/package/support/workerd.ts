import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'

const path = fileURLToPath(
  new URL('../../../node_modules/@cloudflare/workerd-linux-64/bin/workerd', import.meta.url),
)

/** The runtime of Cloudflare Workers; undefined where this platform has none. */
export const workerd: string | undefined = existsSync(path) ? path : undefined

/**
 * Before the first of these dates a worker has nothing of Node, and since some time before the second `node:http` and
 * `getBuiltinModule`.
 */
export const compatibilityDates = ['2024-09-01', '2026-11-01'] as const

const configOf = (port: number, date: string, variables: Readonly<Record<string, string>>) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "${date}",
  durableObjectNamespaces = [(className = "GateHolder", uniqueKey = "gate")],
  durableObjectStorage = (inMemory = void),
  bindings = [
    ${Object.entries(variables)
      .map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)}),`)
      .join('\n    ')}
    (name = "HOLDER", durableObjectNamespace = "GateHolder")
  ]
);
`

/** Bundles a program for workers, with what it imports, and serves it by workerd. */
export async function serveWorker(
  program: string,
  date: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const folder = dirname(program)
  const bundle = await rolldown({ input: program, platform: 'neutral' })
  await bundle.write({ file: join(folder, 'worker.js'), format: 'esm' })
  const port = await freePort()
  const config = join(folder, 'worker.capnp')
  writeFileSync(config, configOf(port, date, variables))
  const child: ChildProcess = spawn(workerd!, ['serve', config], { stdio: 'inherit', env: {} })
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const answers = () =>
    fetch(url).then(
      answer => answer.ok,
      () => child.exitCode !== null,
    )
  if (!(await eventually(answers)) || child.exitCode !== null) {
    await close()
    throw new Error('workerd did not start: what it said is above')
  }
  return { url, close }
}
