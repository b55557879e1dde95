import { verify } from 'node:crypto'
import { createGate, type Gate } from '@propusk/gate/core'
import {
  catalogueOf,
  goodClaims,
  nowMs,
  signedText,
  type TestKey,
  testKey,
  testOptions,
  uuidAt,
} from '../../gate/test/issuer.ts'

/** As many roles as a large installation has, each with every action on one resource. */
const roleCount = 1_000
export const actions = ['read', 'create', 'update', 'delete', 'approve', 'export', 'archive'] as const
/** What the callers of a bench hold. */
export const heldRoles = ['role-17', 'role-500', 'role-999'] as const

/** The question of each turn: a resource that one of the held roles covers, the last of them. */
export const asked = { resource: 'resource-999', action: 'export' } as const
export const askedName = `${asked.resource}:${asked.action}`

export const resourceOf = (role: string): string => role.replace('role', 'resource')
export const allRoles: readonly string[] = Array.from({ length: roleCount }, (_, index) => `role-${index}`)

export const permissionsOf = (role: string): string[] =>
  actions.map(action => `${resourceOf(role)}:${action}`)

export interface GateTestbed {
  readonly nowMs: number
  /** As many as `count`, all good, each of a session of its own. */
  readonly tokens: readonly string[]
  /** A gate that remembers up to `remembered` of them and is just synced with its ledger. */
  gate(remembered: number): Gate
  /** One signature of one of the tokens, checked by the primitive alone. */
  checkSignature(turn: number): boolean
  readonly key: TestKey
}

export function makeGateTestbed(count: number): GateTestbed {
  const key = testKey('ES256', 'bench')
  const tokens = Array.from({ length: count }, (_, index) => tokenOf(key, index))
  const parts = tokens.map(token => {
    const at = token.lastIndexOf('.')
    return {
      input: Buffer.from(token.slice(0, at)),
      signature: Buffer.from(token.slice(at + 1), 'base64url'),
    }
  })
  const publicKey = { key: key.publicKey, dsaEncoding: 'ieee-p1363' } as const
  const roles = allRoles.map((role, index) => ({ roleId: index + 1, role, permissions: permissionsOf(role) }))
  const catalogue = catalogueOf(allRoles.map(resourceOf), actions)
  return {
    nowMs,
    tokens,
    key,
    gate(rememberedTokens) {
      const gate = createGate({ ...testOptions, rememberedTokens })
      gate.load({ keys: [key.published], roles, catalogue, changes: [] })
      gate.markSynced(nowMs)
      return gate
    },
    checkSignature(turn) {
      const { input, signature } = parts[turn % count]!
      return verify('sha256', input, publicKey, signature)
    },
  }
}

function tokenOf(key: TestKey, index: number): string {
  const sid = uuidAt(nowMs - 1000, (0x800000000000 + index).toString(16))
  const claims = { ...goodClaims, sub: String(index + 1), jti: `token-${index}`, sid, roles: heldRoles }
  const header = { alg: 'ES256', typ: 'at+jwt', kid: key.published.kid }
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return signedText(key, `${encode(header)}.${encode(claims)}`)
}
