import { existsSync } from 'node:fs'
import { ConfigError, databaseFile, loadConfig } from '../../config/index.ts'
import { type Core, openCore } from '../../core.ts'
import { describeFault } from '../describe-error.ts'
import { examinations } from '../examinations.ts'
import { type CommandContext, exitCode, printLine } from '../index.ts'

/** Says of settings, database, migrations, clock, keys and audit whether each is in order, and what to do if not. Changes nothing. */
export async function run({ terminal, env, commandLine }: CommandContext): Promise<number> {
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
    for (const { name, examine } of examinations) {
      const fault = await examine(core, commandLine, note).catch(describeFault)
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
