import { existsSync } from 'node:fs'
import { ConfigError, databaseFile, loadConfig } from '../../config/index.ts'
import { type Core, openCore } from '../../core.ts'
import { toRfc3339 } from '../../kernel/index.ts'
import { keepKeys, keyFileOf } from '../../key-keeping.ts'
import { openSigningKey, signerOf } from '../../keys/index.ts'
import { MailFailure, type MailTransport } from '../../mail/index.ts'
import { readTemplates } from '../../mail-sending.ts'
import { auditSignerOf, findAuditFault } from '../../node-audit.ts'
import type { CommandLine } from '../command.ts'
import { describeFault, newerDatabase } from '../failure.ts'
import { type CommandContext, exitCode, printLine } from '../index.ts'
import { masterKeyIn } from '../with-core.ts'

/** Says of settings, database, migrations, clock, keys, audit and mail whether each is in order, and what to do if not. Changes nothing. */
export async function doctor({ terminal, env, commandLine }: CommandContext): Promise<number> {
  const say = (name: string, fault: string | undefined) =>
    printLine(terminal.output, fault === undefined ? `ok     ${name}` : `WRONG  ${name}: ${fault}`)
  const note = (text: string) => printLine(terminal.output, `note   ${text}`)
  let core: Core
  try {
    const config = loadConfig(env)
    say('settings', undefined)
    for (const warning of config.warnings) note(warning)
    const file = databaseFile(config.databaseUrl)
    if (file !== undefined && !existsSync(file)) {
      say('database', `there is no file ${file} yet: the first start makes it. Run: ${commandLine('serve')}`)
      return exitCode.failed
    }
    core = await openCore(config)
  } catch (error) {
    if (error instanceof ConfigError) for (const line of error.mistakes) say('settings', line)
    else say('database', describeFault(error))
    return exitCode.failed
  }
  let isSound = true
  try {
    for (const { name, run } of checks) {
      const fault = await run(core, commandLine, note).catch(describeMistakes)
      say(name, fault)
      if (fault === undefined) continue
      isSound = false
      // What comes after rests on what comes before: one cause, one line.
      break
    }
  } finally {
    await core.close()
  }
  return isSound ? exitCode.done : exitCode.failed
}

interface Check {
  readonly name: string
  /** What is wrong and what to do, or undefined. */
  run(core: Core, commandLine: CommandLine, note: (text: string) => void): Promise<string | undefined>
}

/** How far ahead of this clock a stored time may be, and how far off the clock of the database, before the clock counts as wrong. */
const clockAllowanceMs = 60_000
const databaseClockAllowanceMs = 30_000

/** In the order in which one rests on the other. */
export const checks: readonly Check[] = [
  {
    name: 'database',
    async run({ database }, _commandLine, note) {
      for (const text of await database.inspect()) note(text)
      return undefined
    },
  },
  {
    name: 'migrations',
    async run({ database }, commandLine) {
      const { pending, unknown } = await database.migrationState()
      if (unknown.length > 0) return newerDatabase(unknown)
      if (pending.length > 0) return `not applied yet: ${pending.join(', ')}. Run: ${commandLine('migrate')}`
      return undefined
    },
  },
  {
    name: 'clock',
    async run(core) {
      const { database, clock } = core
      const newest = await database.read
        .selectFrom('audit_events')
        .select(({ fn }) => fn.max('at').as('at'))
        .executeTakeFirst()
      const offMs = await aheadOfDatabaseMs(core)
      if (offMs !== undefined && Math.abs(offMs) > databaseClockAllowanceMs) {
        const seconds = Math.round(Math.abs(offMs) / 1_000)
        return `it is ${seconds} s ${offMs > 0 ? 'ahead of' : 'behind'} that of the database: set both, with NTP. Nodes that differ by more than a minute refuse each other's fresh tokens`
      }
      const aheadMs = (newest?.at ?? 0) - clock.nowMs()
      if (aheadMs <= clockAllowanceMs) return undefined
      return `it says ${toRfc3339(clock.nowMs())}, but the audit holds an event of ${toRfc3339(newest!.at)}: set the clock of this machine, with NTP`
    },
  },
  {
    name: 'master key',
    async run({ config, stores }, _commandLine, note) {
      const file = keyFileOf(config.databaseUrl)
      if (config.masterKey !== undefined || file === undefined || existsSync(file)) return undefined
      if ((await stores.keys.list()).length > 0)
        return `there is no ${file}, and the signing keys cannot be opened without it: restore it from your backup`
      note(`there is no ${file} yet: the first start makes it`)
      return undefined
    },
  },
  {
    name: 'signing keys',
    async run(core, commandLine, note) {
      const keys = await core.stores.keys.list()
      if (keys.length === 0) {
        note('there is no signing key yet: the first start makes one')
        return undefined
      }
      const { masterKey } = await keepKeys(core)
      for (const key of keys) openSigningKey(key, masterKey)
      const current = signerOf(keys)
      if (current === undefined) return `all are retired. Run: ${commandLine('keys rotate')}`
      const ageMs = core.clock.nowMs() - current.createdAtMs
      if (ageMs <= core.config.keyMaxAgeSeconds * 1000 + 86_400_000) return undefined
      return `the key ${current.kid} is older than PROPUSK_KEY_MAX_AGE: is a server running? Run: ${commandLine('keys rotate')}`
    },
  },
  {
    name: 'audit',
    async run(core) {
      const { keys, chain } = core.stores
      if ((await keys.list()).length > 0) return await findAuditFault(core, auditSignerOf(masterKeyIn(core)))
      // Before the first start there is no master key to look with, and a seal file is one of an earlier database.
      return (await chain.greatestEventId()) === 0 ? undefined : await findAuditFault(core)
    },
  },
  {
    name: 'mail',
    async run({ config, mail }, _commandLine, note) {
      readTemplates(config)
      if (mail !== undefined) return await mailFault(mail)
      note(
        'mail is not configured, so nothing that needs it is offered; set PROPUSK_MAIL_URL to use a mail server',
      )
      return undefined
    },
  },
]

/** How far this clock is ahead of that of a PostgreSQL, which all nodes share; undefined for SQLite, which has none of its own. */
async function aheadOfDatabaseMs({ stores, clock }: Core): Promise<number | undefined> {
  const beganAtMs = clock.nowMs()
  const databaseMs = await stores.nodes.databaseNowMs()
  return databaseMs === undefined ? undefined : (beganAtMs + clock.nowMs()) / 2 - databaseMs
}

/** All mistakes of a setting that is read late, on one line. */
const describeMistakes = (error: unknown): string =>
  error instanceof ConfigError ? error.mistakes.join('; ') : describeFault(error)

async function mailFault(mail: MailTransport): Promise<string | undefined> {
  try {
    await mail.verify()
    return undefined
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    return `the server of PROPUSK_MAIL_URL does not accept mail (${error.reason}): check host, port, user and password, and whether it speaks TLS`
  }
}
