import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { Account, World } from './world.ts'

/** RFC 4648 section 6. */
function fromBase32(text: string): Buffer {
  let bits = ''
  for (const character of text.replace(/=+$/, '')) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0')
  }
  return Buffer.from(bits.match(/.{8}/g)!.map(byte => Number.parseInt(byte, 2)))
}

/** RFC 6238, written a second time, so that a fault of the library would show. */
export function totpAt(secret: string, atMs: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = mac[19]! & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export interface Enrolled {
  readonly id: number
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  /** The code that confirmed it. */
  readonly used: string
  /** A code that was not used yet: time passes for it. */
  next(): string
}

/** Turns an authenticator app on for the account, as its owner would. */
export async function enrolTotp(
  world: World,
  account: Pick<Account, 'access'>,
  name = 'Phone',
): Promise<Enrolled> {
  const { clock } = world
  const token = account.access
  const begun = await world.call('POST', '/me/factors/totp/', { token, body: { name } })
  assert.equal(begun.status, 201, begun.text)
  const { id, secret } = begun.body
  const code = totpAt(secret, clock.nowMs())
  const confirmed = await world.call('POST', '/me/factors/totp/confirm/', { token, body: { id, code } })
  assert.equal(confirmed.status, 200, confirmed.text)
  const next = () => {
    clock.advance(30_000)
    return totpAt(secret, clock.nowMs())
  }
  return { id, secret, recoveryCodes: confirmed.body.recovery_codes, used: code, next }
}

/** The first step of a sign-in of an account with a factor. */
export async function ticketOf(world: World, { email, password }: Pick<Account, 'email' | 'password'>) {
  const { status, body, text } = await world.call('POST', '/login/', { body: { email, password } })
  assert.deepEqual([status, body.next], [200, 'second_factor'], text)
  return body as { next: string; ticket: string; methods: string[] }
}

/** What an access token says. */
export const claimsOf = (access: string) =>
  JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString())
