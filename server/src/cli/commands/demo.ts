import type { Config } from '../../config/index.ts'
import { banner, demoAccounts, demoApis, seedDemo } from '../../demo/index.ts'
import { type CommandContext, printLine } from '../index.ts'
import { runServer } from '../run-server.ts'

const loopback = '127.0.0.1'

/** Fills the database with the demo data and serves, on this machine only. */
export async function run(context: CommandContext): Promise<number> {
  const { errors, output } = context.terminal
  const onLoopback = (config: Config): Config => {
    if (config.host !== loopback) {
      printLine(
        errors,
        `The demo has passwords that anybody can read: it listens on ${loopback}, not on ${config.host}.`,
      )
    }
    return { ...config, host: loopback }
  }
  return await runServer(context, {
    adjust: onLoopback,
    prepare: async core => {
      await seedDemo(core)
    },
    apis: core => [demoApis(core)],
    announce: (_server, address) => printLine(output, banner(address, demoAccounts)),
  })
}
