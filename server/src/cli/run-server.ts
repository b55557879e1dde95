import { composeServer, type Server } from '../compose.ts'
import { type Config, loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import type { Route } from '../http/index.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode } from './exit-code.ts'
import { releaseStartMemory } from './release-start-memory.ts'
import type { CommandContext } from './run-cli.ts'
import { printLine } from './terminal.ts'

interface ServerPlan {
  /** Changes the settings before anything is opened. */
  readonly adjust?: (config: Config) => Config
  /** Works on the migrated database before the server listens. */
  readonly prepare?: (core: Core) => Promise<void>
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
  /** Told once the server listens. */
  readonly announce?: (server: Server, address: string) => Promise<void> | void
}

/** After this long a stop does not wait any more for requests that are under way. */
const stopWithinMs = 10_000

/** Opens, composes, listens, and drains on SIGINT or SIGTERM. */
export async function runServer(context: CommandContext, plan: ServerPlan): Promise<number> {
  const loaded = loadConfig(context.env)
  const config = plan.adjust?.(loaded) ?? loaded
  for (const warning of config.warnings) printLine(context.terminal.errors, `Warning: ${warning}`)

  const core = await openCore(config, {}, notice => printLine(context.terminal.errors, notice.message))
  let server: Server
  try {
    await core.database.migrate()
    await plan.prepare?.(core)
    server = await composeServer(core, { ...(plan.apis && { apis: plan.apis }) })
  } catch (error) {
    await core.close()
    throw error
  }
  // From here on a signal drains: a client may be served as soon as the port is open.
  const stopped = stopSignal()
  const address = await listen(server, config)
  try {
    await plan.announce?.(server, address)
  } catch (error) {
    await server.close()
    throw error
  }
  releaseStartMemory()
  await stopped
  return await drain(server)
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  try {
    return await server.app.listen({ host, port })
  } catch (error) {
    await server.close()
    throw listenFailure(error as NodeJS.ErrnoException, host, port)
  }
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new CommandFailure(
        `Port ${port} on ${host} is in use, perhaps by another Propusk. Stop that one, or choose another port: PROPUSK_PORT=8001 (0 takes a free one).`,
      )
    case 'EACCES':
      return new CommandFailure(
        `Port ${port} needs more rights than this user has. Choose one above 1023: PROPUSK_PORT=8000.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandFailure(
        `${host} is no address of this machine. Set PROPUSK_HOST=127.0.0.1, or 0.0.0.0 for all of them.`,
      )
    default:
      return error
  }
}

const stopSignal = (): Promise<void> =>
  new Promise(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })

async function drain(server: Server): Promise<number> {
  server.app.log.info('stopping: finishing what is under way')
  const timeout = setTimeout(() => {
    server.app.log.warn(`requests were still under way after ${stopWithinMs} ms: stopping all the same`)
    process.exit(exitCode.failed)
  }, stopWithinMs)
  timeout.unref()
  await server.close()
  clearTimeout(timeout)
  return exitCode.done
}
