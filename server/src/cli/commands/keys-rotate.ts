import { keepKeys } from '../../key-keeping.ts'
import { type CommandContext, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

export async function run(context: CommandContext): Promise<number> {
  const key = await withCore(context, async core => (await keepKeys(core)).rotate())
  printLine(
    context.terminal.output,
    `made the ${key.algorithm} key ${key.kid}; it signs in a few seconds, once every node knows it`,
  )
  return exitCode.done
}
