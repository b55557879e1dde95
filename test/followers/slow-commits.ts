import { setTimeout as sleep } from 'node:timers/promises'
import { composeServer, type Server } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { type Core, openCore } from '../../server/src/core.ts'
import { createPasswordHasher } from '../../server/src/identity/index.ts'
import type { UserId } from '../../server/src/kernel/index.ts'
import { register, type SignedIn, signIn } from '../nodes/site.ts'
import { makeSuperuser } from '../support/world.ts'

export interface SlowNode {
  readonly core: Core
  readonly server: Server
  readonly url: string
}

/** Far more than any transaction takes by itself: of two that are under way either may commit first. */
const mostPauseMs = 15

/**
 * A node of this process whose wall clock is wrong, and whose transactions pause before they commit, so that they commit in
 * another order than they wrote.
 */
export async function startSlowNode(
  databaseUrl: string,
  {
    issuer,
    skewMs,
    random,
    port = 0,
  }: {
    readonly issuer: string
    readonly skewMs: number
    readonly random: () => number
    readonly port?: number
  },
): Promise<SlowNode> {
  const clock = { nowMs: () => Date.now() + skewMs, monotonicMs: () => performance.now() }
  // Argon2id at its cheapest: the same code, a hundredth of the time.
  const hasher = createPasswordHasher({ memoryKib: 8, passes: 1 })
  const config = loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    PROPUSK_PUBLIC_URL: issuer,
    PROPUSK_PORT: '0',
    PROPUSK_LOG_LEVEL: 'error',
    PROPUSK_GUESSES_PER_ACCOUNT: 'off',
    PROPUSK_GUESSES_PER_ADDRESS: 'off',
    PROPUSK_GUESSES_PER_PASSWORD: 'off',
    PROPUSK_LIMIT_REGISTRATION: 'off',
  })
  const opened = await openCore(config, { clock, hasher })
  const core: Core = {
    ...opened,
    transaction: work =>
      opened.transaction(async stores => {
        const result = await work(stores)
        await sleep(random() * mostPauseMs)
        return result
      }),
  }
  const server = await composeServer(core, { logStream: { write: () => {} } })
  const address = await server.app.listen({ host: '127.0.0.1', port })
  return { core, server, url: address }
}

/** Registers a person there who is made a superuser behind the back of the API. */
export async function makeAdministrator({ url, core }: SlowNode): Promise<SignedIn> {
  const { id, email } = await register(url)
  await makeSuperuser(core, id as UserId)
  return await signIn(url, email)
}
