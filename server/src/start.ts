import { version } from './assets.ts'
import { type CommandLoaders, commandLineOf, runCli } from './cli/index.ts'
import { ConfigError, readEnvFile } from './config/index.ts'

/** Each command loads its own modules: `--help` opens no database, and a SQLite start never sees PostgreSQL's driver. */
const loaders: CommandLoaders = {
  serve: async () => (await import('./cli/commands/serve.ts')).serve,
  migrate: async () => (await import('./cli/commands/migrate.ts')).migrate,
  demo: async () => (await import('./cli/commands/demo.ts')).demo,
  'user create': async () => (await import('./cli/commands/user.ts')).userCreate,
  'user list': async () => (await import('./cli/commands/user.ts')).userList,
  'user deactivate': async () => (await import('./cli/commands/user.ts')).userDeactivate,
  'user erase': async () => (await import('./cli/commands/user.ts')).userErase,
  'user promote': async () => (await import('./cli/commands/user-access.ts')).userPromote,
  'user reset-password': async () => (await import('./cli/commands/user-access.ts')).userResetPassword,
  'user reset-factors': async () => (await import('./cli/commands/user-access.ts')).userResetFactors,
  'keys rotate': async () => (await import('./cli/commands/keys-rotate.ts')).keysRotate,
  'audit verify': async () => (await import('./cli/commands/audit.ts')).auditVerify,
  'audit checkpoint': async () => (await import('./cli/commands/audit.ts')).auditCheckpoint,
  'audit cut': async () => (await import('./cli/commands/audit.ts')).auditCut,
  backup: async () => (await import('./cli/commands/backup.ts')).backup,
  restore: async () => (await import('./cli/commands/restore.ts')).restore,
  move: async () => (await import('./cli/commands/move.ts')).move,
  doctor: async () => (await import('./cli/commands/doctor.ts')).doctor,
}

/** Runs the command line of this process and sets its exit code. */
export async function start(host: NodeJS.Process): Promise<void> {
  for (const stream of [host.stdout, host.stderr]) stream.on('error', ignoreClosedPipe)
  muteSqliteWarning(host)
  const terminal = { input: host.stdin, output: host.stdout, errors: host.stderr }
  try {
    const env = { ...readEnvFile('.env'), ...host.env }
    host.exitCode = await runCli(
      host.argv.slice(2),
      { terminal, env, version, commandLine: commandLineOf(host) },
      loaders,
    )
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    host.stderr.write(`${error.mistakes.join('\n')}\n`)
    host.exitCode = 1
  }
}

/** Before Node 26 the engine that we ship with is called experimental at each start: an operator can do nothing about it. */
function muteSqliteWarning(host: NodeJS.Process): void {
  const emitWarning = host.emitWarning.bind(host) as (...given: unknown[]) => void
  host.emitWarning = (...given: unknown[]) => {
    if (given[1] === 'ExperimentalWarning' && String(given[0]).startsWith('SQLite')) return
    emitWarning(...given)
  }
}

/** A reader that has seen enough, such as `head`, is no fault, and a server outlives the reader of its log. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
