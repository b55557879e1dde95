import { type BodyRules, Instant, type Static, Type } from '../http/index.ts'
import { invalidField, message, nameProblems, toRfc3339, toRfc3339OrNull } from '../kernel/index.ts'
import { type Factor, maxFactorName } from './factor.ts'
import { SignedPasskeyField } from './passkey-schemas.ts'

/** What a person shows beside the password: one of them. */
export const FactorFields = {
  totp: Type.Optional(
    Type.String({
      pattern: '^[0-9]{6}$',
      description: 'SECRET: the code that an authenticator app shows now.',
    }),
  ),
  recovery: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: 40,
      description: 'SECRET: a recovery code, which works once. Case, spaces and hyphens do not matter.',
    }),
  ),
  passkey: Type.Optional(SignedPasskeyField),
}

/** Rejects with `invalid_request` a body that shows nothing, or several things. */
export function assertOneFactor(presented: Readonly<Record<string, unknown>>): void {
  const shown = Object.keys(presented).filter(name => presented[name] !== undefined)
  if (shown.length !== 1) throw invalidField(shown[1] ?? 'totp', message('factor.one'))
}

export const FactorBody = Type.Object(
  {
    id: Type.Integer(),
    kind: Type.Union([Type.Literal('totp'), Type.Literal('passkey')]),
    name: Type.String(),
    created_at: Instant,
    last_used_at: Type.Union([Instant, Type.Null()]),
  },
  { $id: 'Factor' },
)

export const FactorsBody = Type.Object(
  {
    factors: Type.Array(FactorBody, { description: 'Those that are on, the oldest first.' }),
    recovery_codes: Type.Integer({ minimum: 0, description: 'How many recovery codes are left.' }),
    accepted_passkeys: Type.Object(
      {
        rp_id: Type.String(),
        user_handle: Type.String(),
        credential_ids: Type.Array(Type.String()),
      },
      { description: 'What `PublicKeyCredential.signalAllAcceptedCredentials()` of a browser takes.' },
    ),
  },
  { $id: 'Factors' },
)

export const FactorNameField = Type.String({
  minLength: 1,
  maxLength: maxFactorName,
  pattern: '\\S',
  description: 'What its owner calls it.',
})

export const TotpEnrolmentBody = Type.Object(
  { name: Type.Optional(FactorNameField) },
  { $id: 'TotpEnrolment', additionalProperties: false },
)

export const TotpSecretBody = Type.Object(
  {
    id: Type.Integer({ description: 'What the confirmation names.' }),
    secret: Type.String({ description: 'SECRET: in base32, to be typed into an app that reads no QR code.' }),
    uri: Type.String({ description: 'SECRET: `otpauth://totp/…`, what the QR code says.' }),
  },
  { $id: 'TotpSecret' },
)

export const TotpConfirmationBody = Type.Object(
  {
    id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    code: Type.String({ pattern: '^[0-9]{6}$', description: 'SECRET: the code that the app shows now.' }),
  },
  { $id: 'TotpConfirmation', additionalProperties: false },
)

export const RecoveryCodesField = Type.Array(Type.String(), {
  description: 'SECRET: shown this once; each works once. Empty where the account has codes already.',
})

export const RecoveryCodesBody = Type.Object({ recovery_codes: RecoveryCodesField }, { $id: 'RecoveryCodes' })

export const FactorPatchBody = Type.Object(
  { name: FactorNameField },
  {
    $id: 'FactorPatch',
    additionalProperties: false,
    'x-read-only': ['id', 'kind', 'created_at', 'last_used_at'],
  },
)

export const factorRules: BodyRules<{ name?: string }> = {
  name: text => nameProblems(text, maxFactorName, false),
}

export const toFactorBody = ({
  id,
  kind,
  name,
  createdAtMs,
  lastUsedAtMs,
}: Factor): Static<typeof FactorBody> => ({
  id,
  kind,
  name,
  created_at: toRfc3339(createdAtMs),
  last_used_at: toRfc3339OrNull(lastUsedAtMs),
})

export const factorExample = {
  id: 7,
  kind: 'totp',
  name: 'Phone',
  created_at: '2026-03-14T06:55:02.417Z',
  last_used_at: '2026-03-14T09:12:40.008Z',
} as const

export const recoveryCodesExample = { recovery_codes: ['4jq2-8xtm-0vwr-c5n7', 'zz13-k9d4-mq7e-6hba'] }
