import type { Server } from '../compose.ts'
import { type Config, loadConfig } from '../config/index.ts'
import type { Core } from '../core.ts'
import { createDoor, type Door, securityHeaders } from '../door/index.ts'
import type { Route } from '../http/index.ts'
import { CommandFailure } from './command-failure.ts'
import { exitCode } from './exit-code.ts'
import { openLogOutput } from './log-output.ts'
import { releaseStartMemory } from './release-start-memory.ts'
import type { CommandContext } from './run-cli.ts'
import { printLine } from './terminal.ts'

interface ServerPlan {
  /** Changes the settings before anything is opened. */
  readonly adjust?: (config: Config) => Config
  /** Works on the opened database, before the house is composed on it and its migrations are applied. */
  readonly prepare?: (core: Core) => Promise<void>
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
  /** Told once the server listens. */
  readonly announce?: (server: Server, address: string) => Promise<void> | void
}

/** The first answers do not wait for a commit that nobody waits for. */
const introduceAfterMs = 1_000

/** After this long a stop does not wait any more for requests that are under way. */
const stopWithinMs = 10_000

/** Listens, opens, composes, and drains on SIGINT or SIGTERM. */
export async function runServer(context: CommandContext, plan: ServerPlan): Promise<number> {
  const loaded = loadConfig(context.env)
  const config = plan.adjust?.(loaded) ?? loaded
  for (const warning of config.warnings) printLine(context.terminal.errors, `Warning: ${warning}`)

  // From here on a signal drains: a client may be waiting as soon as the port is open.
  const stopped = stopSignal()
  const door = createDoor(securityHeaders(config.publicUrl))
  await listen(door, config)
  try {
    const server = await openServer(context, config, plan, door)
    return await serve(server, plan, config, stopped)
  } finally {
    // Nobody waits any longer where the house could not be opened.
    await door.close()
  }
}

async function serve(server: Server, plan: ServerPlan, at: Config, stopped: Promise<void>): Promise<number> {
  try {
    await plan.announce?.(server, await server.app.listen(at))
  } catch (error) {
    await server.close()
    throw error
  }
  releaseStartMemory()
  setTimeout(() => server.introduce(), introduceAfterMs).unref()
  await stopped
  return await drain(server)
}

/** The house behind the door. Its files are loaded only now: they are most of a start. */
async function openServer(
  { terminal }: CommandContext,
  config: Config,
  { prepare, apis }: ServerPlan,
  door: Door,
): Promise<Server> {
  const [{ openCore }, { composeServer }] = await Promise.all([import('../core.ts'), import('../compose.ts')])
  const core = await openCore(config, {}, notice => printLine(terminal.errors, notice.message))
  try {
    await prepare?.(core)
    return await composeServer(core, { door, logStream: openLogOutput(), ...(apis && { apis }) })
  } catch (error) {
    await core.close()
    throw error
  }
}

async function listen(door: Door, at: { host: string; port: number }): Promise<void> {
  try {
    await door.listen({ host: at.host, port: at.port })
  } catch (error) {
    throw listenFailure(error as NodeJS.ErrnoException, at.host, at.port)
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
