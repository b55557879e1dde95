import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import Provider from 'oidc-provider'

/**
 * oidc-provider with rotating refresh tokens, an ES256 key, access tokens as JWTs, and a store on SQLite that is as
 * durable as ours: its own memory adapter is for development only, as it says itself.
 */
const { PORT, DATABASE_FILE, PEOPLE } = process.env
const issuer = `http://127.0.0.1:${PORT}`
const resource = 'https://api.example.com'

const database = new DatabaseSync(DATABASE_FILE)
database.exec(`
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists models (
    id text primary key, payload text not null, grant_id text, expires_at integer
  ) strict, without rowid;
  create index if not exists models_grant on models (grant_id) where grant_id is not null`)
const statements = {
  upsert: database.prepare('insert or replace into models values (?, ?, ?, ?)'),
  find: database.prepare('select payload from models where id = ?'),
  consume: database.prepare("update models set payload = json_set(payload, '$.consumed', ?) where id = ?"),
  destroy: database.prepare('delete from models where id = ?'),
  revoke: database.prepare('delete from models where grant_id = ?'),
}

class SqliteStore {
  constructor(model) {
    this.model = model
  }
  async upsert(id, payload, expiresIn) {
    const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : null
    statements.upsert.run(`${this.model}:${id}`, JSON.stringify(payload), payload.grantId ?? null, expiresAt)
  }
  async find(id) {
    const row = statements.find.get(`${this.model}:${id}`)
    return row && JSON.parse(row.payload)
  }
  async findByUid() {}
  async findByUserCode() {}
  async consume(id) {
    statements.consume.run(Math.floor(Date.now() / 1000), `${this.model}:${id}`)
  }
  async destroy(id) {
    statements.destroy.run(`${this.model}:${id}`)
  }
  async revokeByGrantId(grantId) {
    statements.revoke.run(grantId)
  }
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const client = {
  client_id: 'bench',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
  redirect_uris: ['https://app.example.com/callback'],
}
const provider = new Provider(issuer, {
  adapter: SqliteStore,
  clients: [client],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  cookies: { keys: ['only for a bench'] },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  rotateRefreshToken: true,
  ttl: { AccessToken: 600, RefreshToken: 86_400, Grant: 86_400, Session: 86_400 },
  scopes: ['offline_access', 'api'],
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
})

/** Refresh tokens of as many accounts as were asked for, as an authorization would have given them. */
async function firstTokens() {
  const found = await provider.Client.find(client.client_id)
  const tokens = []
  for (let index = 0; index < Number(PEOPLE); index++) {
    const accountId = `person-${index}`
    const grant = new provider.Grant({ clientId: client.client_id, accountId })
    grant.addResourceScope(resource, 'api')
    grant.addOIDCScope('offline_access')
    const grantId = await grant.save()
    const token = new provider.RefreshToken({
      accountId,
      client: found,
      grantId,
      gty: 'authorization_code',
      resource,
      scope: 'offline_access api',
    })
    tokens.push(await token.save())
  }
  return tokens
}

const tokens = await firstTokens()
const answer = provider.callback()
const server = createServer((request, response) => {
  if (request.url === '/health/live') return response.end('{"status":"ok"}')
  if (request.url === '/tokens') return response.end(JSON.stringify(tokens))
  return answer(request, response)
})
server.listen(Number(PORT), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
