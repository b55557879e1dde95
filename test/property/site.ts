import { composeServer, type Server } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { type Core, openCore } from '../../server/src/core.ts'
import { createTokenIssuer, type TokenIssuer } from '../../server/src/tokens/index.ts'
import { cheapHasher } from '../support/world.ts'
import { maxSkewMs, type SkewedClock, skewedClock, type TrueTime } from './skewed-clock.ts'

/** Puts back what the mend of a fault replaced, to see that it is found. */
export interface Mutant {
  core?(core: Core): Core
  issuer?(issuer: TokenIssuer): TokenIssuer
}

/** A server of this process with clocks of its own. */
export interface Node {
  readonly core: Core
  readonly server: Server
  readonly clock: SkewedClock
  readonly issuer: TokenIssuer
}

interface NodeOptions {
  readonly databaseUrl: string
  readonly time: TrueTime
  readonly random: () => number
  /** Any duration, such as `10m`. */
  readonly accessTtl: string
  readonly mutant?: Mutant | undefined
}

const masterKey = Buffer.alloc(32, 7).toString('base64')

export async function startNode({
  databaseUrl,
  time,
  random,
  accessTtl,
  mutant = {},
}: NodeOptions): Promise<Node> {
  const clock = skewedClock(time, Math.round((random() * 2 - 1) * maxSkewMs), Math.round(random() * 1e9))
  const config = loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: masterKey,
    PROPUSK_PORT: '0',
    PROPUSK_LOG_LEVEL: 'error',
    PROPUSK_ACCESS_TTL: accessTtl,
    PROPUSK_SESSION_TTL: '30d',
  })
  const opened = await openCore(config, { clock, hasher: cheapHasher() })
  const core = mutant.core?.(opened) ?? opened
  const server = await composeServer(core, { logStream: { write: () => {} } })
  const issuer = createTokenIssuer({
    keyRing: server.keys.ring,
    random: core.random,
    issuer: config.publicUrl,
    audience: config.audience,
    accessTtlSeconds: config.accessTtlSeconds,
  })
  return { core, server, clock, issuer: mutant.issuer?.(issuer) ?? issuer }
}
