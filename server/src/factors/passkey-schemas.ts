import { Type } from '../http/index.ts'

/** Base64url, as a browser writes bytes into JSON (WebAuthn section 5.1). */
const Bytes = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })

const OptionalText = Type.Optional(Type.String({ maxLength: 100 }))

/** WebAuthn may add members, which mean nothing here. */
const open = { additionalProperties: true, 'x-open-standard': 'WebAuthn' } as const

const common = {
  id: Bytes(1400),
  rawId: Bytes(1400),
  type: Type.Literal('public-key'),
  authenticatorAttachment: OptionalText,
  clientExtensionResults: Type.Object({}, open),
}

/** WebAuthn section 5.1: `AuthenticationResponseJSON`, as `credential.toJSON()` of a browser gives it. */
export const SignedPasskeyField = Type.Object(
  {
    ...common,
    response: Type.Object(
      {
        clientDataJSON: Bytes(8_000),
        authenticatorData: Bytes(8_000),
        signature: Bytes(8_000),
        userHandle: Type.Optional(Type.String({ maxLength: 200 })),
      },
      open,
    ),
  },
  {
    ...open,
    $id: 'SignedPasskey',
    description: 'SECRET: what `navigator.credentials.get()` gave, as JSON.',
  },
)

/** `RegistrationResponseJSON`. */
export const MadePasskeyField = Type.Object(
  {
    ...common,
    response: Type.Object(
      {
        clientDataJSON: Bytes(8_000),
        attestationObject: Bytes(20_000),
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: 10 })),
      },
      open,
    ),
  },
  { ...open, description: 'What `navigator.credentials.create()` gave, as JSON.' },
)

export const PasskeyRequestBody = Type.Object(
  {
    challenge: Type.String(),
    rpId: Type.Optional(Type.String()),
    timeout: Type.Optional(Type.Integer()),
    userVerification: Type.Optional(Type.String()),
    allowCredentials: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), type: Type.String() }, open)),
    ),
  },
  { ...open, $id: 'PasskeyRequest', description: '`PublicKeyCredentialRequestOptionsJSON` of WebAuthn.' },
)

export const PasskeyCreationBody = Type.Object(
  {
    challenge: Type.String(),
    rp: Type.Object({ id: Type.Optional(Type.String()), name: Type.String() }, open),
    user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }, open),
    pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: Type.String() }, open)),
  },
  { ...open, $id: 'PasskeyCreation', description: '`PublicKeyCredentialCreationOptionsJSON` of WebAuthn.' },
)

const challenge = 'xJ0c1W8mDmT0sVdq6p2ZyYB8kQmV1a5uE3fHn7Rg4tLbKwPz9oXiCeAjNhSvUyQd'

export const passkeyRequestExample = {
  challenge,
  rpId: 'auth.example.com',
  timeout: 60000,
  userVerification: 'required',
  allowCredentials: [],
}

export const passkeyCreationExample = {
  challenge,
  rp: { id: 'auth.example.com', name: 'auth.example.com' },
  user: { id: 'dXNlciBoYW5kbGU', name: 'anna.petrova@example.com', displayName: 'Анна Петрова' },
  pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
}

export const signedPasskeyExample = {
  id: 'q6Jc0xW1mDmT0sVd',
  rawId: 'q6Jc0xW1mDmT0sVd',
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
    authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4',
    signature: 'MEUCIQDx3jH2',
    userHandle: 'dXNlciBoYW5kbGU',
  },
}

export const madePasskeyExample = {
  id: 'q6Jc0xW1mDmT0sVd',
  rawId: 'q6Jc0xW1mDmT0sVd',
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0',
    attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ',
    transports: ['internal'],
  },
}
