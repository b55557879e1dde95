import { verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ConnectedGate, connectGate } from '@propusk/gate'
import { catalogueOf, goodClaims, signedText, type TestKey, testKey, uuidAt } from '../../gate/test/issuer.ts'
import { actions, allRoles, heldRoles, permissionsOf, resourceOf } from './gate-testbed.ts'

const audience = 'bench'

/** A gate that follows a server over HTTP, as a service has it. */
export interface ConnectedTestbed {
  readonly gate: ConnectedGate
  /** Good tokens of that server, each of a session of its own. */
  readonly tokens: readonly string[]
  readonly issuer: string
  readonly audience: string
  readonly key: TestKey
  /** One signature of one of the tokens, checked by the primitive alone. */
  checkSignature(turn: number): boolean
  close(): void
}

/** The server does nothing but what the feed needs: a snapshot, the key set, and a beat each second. */
export async function connectTestbed(tokenCount: number): Promise<ConnectedTestbed> {
  const key = testKey('ES256', 'bench')
  const { jwk, kid } = key.published
  let snapshot = ''
  const server = createServer((request, response) => {
    if (request.url === '/.well-known/jwks.json') {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify({ keys: [{ ...jwk, kid, alg: 'ES256' }] }))
    }
    response.setHeader('content-type', 'text/event-stream')
    // Benches hold the process for longer than beats may be late, and the gate comes back.
    const isBack = request.headers['last-event-id'] !== undefined
    if (!isBack) response.write(`event: snapshot\ndata: ${snapshot}\n\n`)
    const arrivedAtMs = performance.now()
    const beat = () => {
      const data = {
        time: new Date(),
        cursor: 'c',
        as_of_ms: performance.now() - arrivedAtMs,
        count: isBack ? 0 : 1,
        hash: '',
      }
      response.write(`event: now\ndata: ${JSON.stringify(data)}\n\n`)
    }
    beat()
    const timer = setInterval(beat, 1_000)
    response.on('close', () => clearInterval(timer))
    return response
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  snapshot = snapshotOf(key, issuer)
  const gate = await connectGate({ issuer, key: 'bench', staleAfterMs: 600_000 })
  const tokens = tokensOf(key, issuer, tokenCount)
  return {
    gate,
    tokens,
    issuer,
    audience,
    key,
    checkSignature: signatureCheck(key, tokens),
    close() {
      gate.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

function snapshotOf(key: TestKey, issuer: string): string {
  return signed(key, 'propusk-snapshot+jwt', {
    iss: issuer,
    audience,
    max_token_life_seconds: lifeSeconds,
    cursor: 'c',
    epoch: 'bench',
    order: 1,
    keys: [key.published],
    roles: allRoles.map((role, index) => ({ roleId: index + 1, role, permissions: permissionsOf(role) })),
    catalogue: catalogueOf(allRoles.map(resourceOf), actions),
    changes: [],
  })
}

/** Longer than any bench runs. */
const lifeSeconds = 86_400

function tokensOf(key: TestKey, issuer: string, count: number): readonly string[] {
  const nowMs = Date.now()
  const iat = Math.floor(nowMs / 1_000)
  return Array.from({ length: count }, (_, index) => {
    const sid = uuidAt(nowMs - 1_000, (0x800000000000 + index).toString(16))
    const own = { sub: String(index + 1), jti: `token-${index}`, sid, roles: heldRoles }
    const times = { iat, exp: iat + lifeSeconds }
    return signed(key, 'at+jwt', { ...goodClaims, iss: issuer, aud: audience, ...times, ...own })
  })
}

function signed(key: TestKey, typ: string, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return signedText(key, `${encode({ alg: 'ES256', typ, kid: key.published.kid })}.${encode(claims)}`)
}

function signatureCheck(
  { publicKey }: TestKey,
  tokens: readonly string[],
): ConnectedTestbed['checkSignature'] {
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  const parts = tokens.map(token => {
    const at = token.lastIndexOf('.')
    return {
      input: Buffer.from(token.slice(0, at)),
      signature: Buffer.from(token.slice(at + 1), 'base64url'),
    }
  })
  return turn => {
    const { input, signature } = parts[turn % parts.length]!
    return verify('sha256', input, key, signature)
  }
}
