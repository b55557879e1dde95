import type { Config } from '../../config/index.ts'
import type { Core } from '../../core.ts'
import { banner, demoAccounts, demoApis, demoMailRoutes, isDemoDatabase, seedDemo } from '../../demo/index.ts'
import { firstPage } from '../../kernel/index.ts'
import { createMailCatcher } from '../../mail/index.ts'
import { type CommandContext, CommandFailure, printLine } from '../index.ts'
import { runServer } from '../run-server.ts'

const loopback = '127.0.0.1'

/** Fills the database with the demo data and serves, on this machine only. */
export async function demo(context: CommandContext): Promise<number> {
  const { errors, output } = context.terminal
  const onLoopback = (config: Config): Config => {
    if (config.host !== loopback) {
      printLine(
        errors,
        `The demo has passwords that anyone can read: it listens on ${loopback}, not on ${config.host}.`,
      )
    }
    return { ...config, host: loopback }
  }
  // Its people are made up: no mail may ever leave for their addresses, whatever mail server is set.
  const mail = createMailCatcher()
  return await runServer(context, {
    mail,
    adjust: onLoopback,
    prepare: async core => {
      await core.database.migrate()
      await refuseRealDatabase(core)
      await seedDemo(core)
    },
    apis: core => [demoApis(core), { basePath: '', routes: demoMailRoutes(mail) }],
    announce: (_server, address) => printLine(output, banner(address, demoAccounts)),
  })
}

/** The password of the demo's superuser is public: it must never be planted among real accounts. */
async function refuseRealDatabase({ stores }: Core): Promise<void> {
  const page = await stores.users.list({}, firstPage(1))
  if (page.rows.length === 0) return
  if (await isDemoDatabase(stores)) return
  throw new CommandFailure(
    'This database holds accounts that are not the demo’s, and the demo would add a superuser whose password anyone can read. Give it a database of its own: PROPUSK_DATABASE_URL=sqlite:./data/demo.db',
  )
}
