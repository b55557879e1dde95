import { Pace } from './pace.ts'
import type { Algorithm, PublicJwk, PublishedKey, VerifySignature } from './published-key.ts'
import {
  decodeBase64url,
  type JsonObject,
  parseJsonObject,
  readHeader,
  splitToken,
  type TokenParts,
} from './read-signed-token.ts'
import { accessTokenType } from './verify-token.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The check of one key by Web Crypto, which every runtime has. */
type AsyncVerify = (signingInput: Bytes, signature: Bytes) => Promise<boolean>

const imported = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
} as const satisfies Record<Algorithm, object>

const checked = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const satisfies Record<Algorithm, object>

async function importVerifier(algorithm: Algorithm, { kty, crv, x, y }: PublicJwk): Promise<AsyncVerify> {
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
  const key = await crypto.subtle.importKey('jwk', jwk, imported[algorithm], false, ['verify'])
  return (input, signature) => crypto.subtle.verify(checked[algorithm], key, signature, input)
}

const ascii = new TextEncoder()

/**
 * Signatures for a gate, whose check is synchronous while Web Crypto's is not. A token is proved first; then the gate asks
 * about these very bytes, in the same turn, and is told. Node checks them by itself, at once, which takes less time
 * than to ask its thread pool.
 */
export class ProvedSignatures {
  readonly #verifiers = new Map<string, Promise<AsyncVerify>>()
  readonly #ownCheck: NodeCrypto | null
  #proved: SignedBytes | undefined

  /** Null: by Web Crypto alone. */
  constructor(ownCheck = nodeCrypto()) {
    this.#ownCheck = ownCheck
  }

  /** Whether the gate is told at once of every signature: one that does not hold then is no matter of a proof. */
  get areImmediate(): boolean {
    return this.#ownCheck !== null
  }

  /** For `importKey` of a gate. */
  importKey(key: PublishedKey): VerifySignature {
    if (this.#ownCheck !== null) return verifierOf(this.#ownCheck, key)
    const verifier = importVerifier(key.algorithm, key.jwk)
    // It fails again where it is awaited.
    verifier.catch(() => {})
    this.#verifiers.set(key.kid, verifier)
    return (input, signature) =>
      this.#proved !== undefined &&
      isSame(this.#proved.input, input) &&
      isSame(this.#proved.signature, signature)
  }

  /**
   * Runs `decide` with the signature of the token known to be good; without that where it is not. INVARIANT: `decide` is
   * synchronous, so that no other token is asked about meanwhile.
   */
  async withProof<T>(token: string, decide: () => T): Promise<T> {
    const parts = splitToken(token)
    const header = parts && readHeader(parts.header, accessTokenType)
    const verify = header && (await this.#verifiers.get(header.kid)?.catch(() => undefined))
    if (parts === undefined || verify === undefined) return decide()
    const proved = await verifiedBytes(parts, verify)
    if (proved === undefined) return decide()
    this.#proved = proved
    try {
      return decide()
    } finally {
      this.#proved = undefined
    }
  }
}

/** The little of `node:crypto` that is needed here, since this package has no types of Node. */
interface NodeCrypto {
  createPublicKey(options: { readonly key: object; readonly format: 'jwk' }): object
  verify(digest: string | null, input: Uint8Array, key: object, signature: Uint8Array): boolean
}

interface Runtime {
  readonly navigator?: { readonly userAgent?: string }
  readonly process?: {
    readonly versions?: { readonly node?: string }
    getBuiltinModule?(name: string): NodeCrypto | undefined
  }
}

/**
 * Of Node alone: others have a module of this name, too, which may lack what is asked of it, and check by Web Crypto as well. Node
 * has a `navigator` since 21.
 */
function nodeCrypto(): NodeCrypto | null {
  const { navigator, process } = globalThis as Runtime
  const agent = navigator?.userAgent ?? 'Node.js/20'
  if (process?.versions?.node === undefined || !agent.startsWith('Node.js/')) return null
  return process?.getBuiltinModule?.('node:crypto') ?? null
}

function verifierOf(
  { createPublicKey, verify }: NodeCrypto,
  { algorithm, jwk }: PublishedKey,
): VerifySignature {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  // RFC 7518 section 3.4: r and s side by side.
  const ofPair = { key, dsaEncoding: 'ieee-p1363' }
  return algorithm === 'ES256'
    ? (input, signature) => verify('sha256', input, ofPair, signature)
    : (input, signature) => verify(null, input, key, signature)
}

interface SignedBytes {
  readonly input: Bytes
  readonly signature: Bytes
}

/** What was signed, and its signature, if that holds. */
async function verifiedBytes(
  { signingInput, signature: encoded }: TokenParts,
  verify: AsyncVerify,
): Promise<SignedBytes | undefined> {
  const input = ascii.encode(signingInput)
  const signature = decodeBase64url(encoded)
  return signature !== undefined && (await verify(input, signature)) ? { input, signature } : undefined
}

/** A key of the issuer's key set (RFC 7517). */
export interface KeySetKey extends PublicJwk {
  readonly kid: string
  readonly alg: Algorithm
}

/**
 * The claims of a JWS of this type, once its signature holds under the key that it names; undefined otherwise. Unlike a
 * token it may be of any length: it is read in slices.
 */
export async function verifyJws(
  jws: string,
  expectedType: string,
  findKey: (kid: string) => Promise<KeySetKey | undefined>,
): Promise<JsonObject | undefined> {
  const parts = splitToken(jws)
  const header = parts && readHeader(parts.header, expectedType)
  const key = header && (await findKey(header.kid))
  // RFC 8725 section 3.1: the algorithm is the key's.
  if (parts === undefined || key === undefined || key.alg !== header?.alg) return undefined
  if ((await verifiedBytes(parts, await importVerifier(key.alg, key))) === undefined) return undefined
  const payload = await decodeInSlices(parts.payload)
  return payload && parseJsonObject(payload)
}

/** Of characters, four of which are three bytes. */
const sliceLength = 262_144

async function decodeInSlices(text: string): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array((text.length * 3) >>> 2)
  const pace = new Pace()
  for (let from = 0; from < text.length; from += sliceLength) {
    const slice = decodeBase64url(text.slice(from, from + sliceLength))
    if (slice === undefined) return undefined
    bytes.set(slice, (from / 4) * 3)
    await pace.next()
  }
  return bytes
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index])
