import { loadConfig } from '../../config/index.ts'
import { openCore } from '../../core.ts'
import { type CommandContext, exitCode, printLine } from '../index.ts'

export async function migrate(context: CommandContext): Promise<number> {
  const core = await openCore(loadConfig(context.env))
  try {
    const { applied } = await core.database.migrate()
    for (const name of applied) printLine(context.terminal.output, `applied ${name}`)
    if (applied.length === 0)
      printLine(context.terminal.output, 'nothing to apply: the database is up to date')
  } finally {
    await core.close()
  }
  return exitCode.done
}
