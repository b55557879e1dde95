import { toRfc3339 } from '../../kernel/index.ts'
import { keepKeys } from '../../key-keeping.ts'
import { openNodeAudit } from '../../node-audit.ts'
import { type CommandContext, type CommandOf, exitCode, printLine } from '../index.ts'
import { withCore } from '../with-core.ts'

/** Publishes the next signing key, or lets it sign at once, and says which and when. */
export async function keysRotate(
  context: CommandContext,
  { now }: CommandOf<'keys rotate'>,
): Promise<number> {
  const { output } = context.terminal
  const key = await withCore(context, async core => {
    const keys = await keepKeys(core)
    // As a start does it, before keys get their sequence.
    await openNodeAudit(core, keys.masterKey, { linked() {}, broken() {} })
    return await (now ? keys.signAtOnce() : keys.publishNext())
  })
  const name = `the ${key.algorithm} key ${key.kid}`
  if (key.state === 'next') {
    printLine(
      output,
      `published ${name}; a running server lets it sign within a minute of ${toRfc3339(key.signsAtMs!)}, ` +
        `when every cache of the key set knows it. To sign with it at once: ${context.commandLine('keys rotate --now')}`,
    )
  } else {
    printLine(
      output,
      `${name} signs now. Services that verify tokens with a cached key set may refuse new tokens for up to two minutes.`,
    )
  }
  return exitCode.done
}
