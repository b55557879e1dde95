import pino from 'pino'
import { composeServer, type Server } from '../compose.ts'
import { type Config, loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import type { Route } from '../http/index.ts'
import { isArgon2Native } from '../identity/index.ts'
import type { MailTransport } from '../mail/index.ts'
import type { CommandContext } from './command.ts'
import { CommandFailure, exitCode } from './failure.ts'
import { printLine } from './terminal.ts'

interface ServerPlan {
  /** Changes the settings before anything is opened. */
  readonly adjust?: (config: Config) => Config
  /** Works on the opened database, before the server is composed on it and its migrations are applied. */
  readonly prepare?: (core: Core) => Promise<void>
  /** Takes the mails instead of a mail server. */
  readonly mail?: MailTransport
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
  /** Called once the server listens. */
  readonly announce?: (server: Server, address: string) => Promise<void> | void
}

/** Delayed so that the first requests do not queue behind this write. */
const introduceAfterMs = 1_000

/** After this long a stop does not wait any more for requests that are under way. */
const stopWithinMs = 10_000

const slowHashes =
  "Argon2's native library cannot be loaded here, so Node.js itself hashes passwords, which takes three times as long. What to do: docs/operations.md, «Single executable»."

/** Opens the database, composes the server, listens, and drains on SIGINT or SIGTERM. */
export async function runServer(context: CommandContext, plan: ServerPlan): Promise<number> {
  const loaded = loadConfig(context.env)
  const config = plan.adjust?.(loaded) ?? loaded
  for (const warning of config.warnings) printLine(context.terminal.errors, `Warning: ${warning}`)
  if (!isArgon2Native) printLine(context.terminal.errors, `Warning: ${slowHashes}`)

  const stopped = stopSignal()
  const server = await openServer(context, config, plan)
  try {
    await plan.announce?.(server, await listen(server, config))
  } catch (error) {
    await server.close()
    throw error
  }
  setTimeout(() => server.introduce(), introduceAfterMs).unref()
  await stopped
  return await drain(server)
}

async function openServer(
  { terminal }: CommandContext,
  config: Config,
  { prepare, mail, apis }: ServerPlan,
): Promise<Server> {
  const core = await openCore(config, mail ? { mail } : {}, notice =>
    printLine(terminal.errors, notice.message),
  )
  try {
    await prepare?.(core)
    return await composeServer(core, { logStream: openLogOutput(), ...(apis && { apis }) })
  } catch (error) {
    await core.close()
    throw error
  }
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  try {
    return await server.app.listen({ host, port })
  } catch (error) {
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
  server.app.log.info('stopping: finishing requests under way')
  const timeout = setTimeout(() => {
    server.app.log.warn(`requests were still under way after ${stopWithinMs} ms: stopping anyway`)
    process.exit(exitCode.failed)
  }, stopWithinMs)
  timeout.unref()
  await server.close()
  clearTimeout(timeout)
  return exitCode.done
}

export type LogOutput = ReturnType<typeof openLogOutput>

/** What cannot be written for a while, because the disk is full or the reader is slow, may take so much memory. */
const bufferedAtMost = 1_048_576

/**
 * Standard output for log lines. Written beside the event loop: a slow reader delays no request. What is buffered when
 * the process ends is written then; one that is killed loses it. The server outlives the reader of its log and a disk
 * that is full.
 */
function openLogOutput() {
  const output = pino.destination({ fd: 1, sync: false, maxLength: bufferedAtMost })
  output.on('error', () => {})
  return output
}
