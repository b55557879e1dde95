import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { writeCheckpoint } from '../../audit/index.ts'
import { sealSignerOf } from '../../audit-sealing.ts'
import type { Core } from '../../core.ts'
import { toRfc3339 } from '../../kernel/index.ts'
import {
  type CommandContext,
  CommandFailure,
  type CommandLine,
  type CommandOf,
  exitCode,
  printLine,
} from '../index.ts'
import { settleNames, writeSecret } from '../new-file.ts'
import { masterKeyIn, withCore } from '../with-core.ts'

/** Gives the newest seal of the audit, signed, to be kept elsewhere: into a new file, or on standard output. */
export async function run(context: CommandContext, { file }: CommandOf<'audit checkpoint'>): Promise<number> {
  const { output, errors } = context.terminal
  const target = file === undefined ? undefined : refusePlace(resolve(file))
  const { seal, text } = await withCore(context, core => newestSeal(core, context.commandLine))
  if (target === undefined) output.write(text)
  else {
    writeSecret(target, Buffer.from(text))
    settleNames(target)
    printLine(output, `wrote ${target}: seal ${seal.position}, up to event ${seal.lastEventId}`)
  }
  printLine(
    errors,
    `sealed at ${toRfc3339(seal.sealedAtMs)}. Keep it where nobody who can write to the database reaches it.`,
  )
  return exitCode.done
}

function refusePlace(target: string): string {
  if (!existsSync(dirname(target))) throw new CommandFailure(`There is no directory ${dirname(target)}.`)
  if (existsSync(target)) {
    throw new CommandFailure(
      `${target} exists already, and a checkpoint overwrites nothing. Choose another name.`,
    )
  }
  return target
}

async function newestSeal(core: Core, commandLine: CommandLine) {
  const seal = await core.stores.seals.newest()
  if (seal === undefined) {
    throw new CommandFailure(
      'Nothing of the audit is sealed yet: a running server seals it, about two minutes after its first start.',
    )
  }
  const signer = sealSignerOf(masterKeyIn(core))
  if (!signer.hasSigned(seal)) {
    throw new CommandFailure(
      `Seal ${seal.position}, the newest, is not signed with the present master key. Look at the whole: ${commandLine('audit verify')}`,
    )
  }
  return { seal, text: writeCheckpoint(seal, signer) }
}
