import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()

interface Twist {
  /** Where the browser says that it stands. */
  readonly origin?: string
  readonly rpId?: string
  readonly isUserVerified?: boolean
  readonly counter?: number
  readonly challenge?: string
  readonly userHandle?: string
}

/**
 * A passkey and its browser in software (WebAuthn level 3, sections 6.1 and 6.5.4), which does as it is told: what no
 * honest one would sign can be tried with it.
 */
export function createAuthenticator(publicUrl = 'http://localhost:8000') {
  const { origin, hostname } = new URL(publicUrl)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(16)
  const id = credentialId.toString('base64url')
  let counter = 0
  let handle: string | undefined

  const dataOf = (type: string, challenge: string, twist: Twist) =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: twist.challenge ?? challenge,
        origin: twist.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const headOf = (twist: Twist, flags: number) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(twist.counter ?? counter)
    const verified = twist.isUserVerified === false ? 0 : 0x04
    return Buffer.concat([sha256(twist.rpId ?? hostname), Buffer.from([flags | 0x01 | verified]), count])
  }
  const { x, y } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x!, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y!, 'base64url'),
  ])
  const common = { id, rawId: id, type: 'public-key', clientExtensionResults: {} } as const

  return {
    id,
    /** The counter that the next signature is one more than. */
    setCounter: (value: number) => {
      counter = value
    },

    /** What `navigator.credentials.create()` gives. */
    create(options: { challenge: string; user: { id: string } }, twist: Twist = {}) {
      handle = options.user.id
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const authData = Buffer.concat([headOf(twist, 0x40), Buffer.alloc(16), length, credentialId, cose])
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([authData.length]),
        authData,
      ])
      return {
        ...common,
        response: {
          clientDataJSON: dataOf('webauthn.create', options.challenge, twist).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      }
    },

    /** What `navigator.credentials.get()` gives. */
    get({ challenge }: { challenge: string }, twist: Twist = {}) {
      counter += 1
      const clientData = dataOf('webauthn.get', challenge, twist)
      const authData = headOf(twist, 0)
      const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), privateKey)
      return {
        ...common,
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: twist.userHandle ?? handle!,
        },
      }
    },
  }
}
