import { freshly, type Route, route, Type } from '../http/index.ts'
import { enrolPasskey, passkeyCreationOptions } from './enrol-passkey.ts'
import type { ManageFactorsDeps } from './manage-factors.ts'
import {
  MadePasskeyField,
  madePasskeyExample,
  PasskeyCreationBody,
  passkeyCreationExample,
} from './passkey-schemas.ts'
import type { RegistrationResponseJSON } from './passkeys.ts'
import { FactorNameField, factorRules, RecoveryCodesField, recoveryCodesExample } from './schemas.ts'

const tag = 'Second factors'

export const passkeyRoutes = (deps: ManageFactorsDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/me/factors/passkey/options/',
    access: 'authenticated',
    operationId: 'passkeyCreationOptions',
    tag,
    summary: 'Begin to create a passkey',
    description:
      'What `PublicKeyCredential.parseCreationOptionsFromJSON()` of a browser takes: a resident key, user verification required, no attestation. Its challenge can be answered once, within five minutes, by this account.',
    stepUp: freshly,
    success: {
      status: 200,
      description: 'The options, with a challenge.',
      schema: PasskeyCreationBody,
      example: passkeyCreationExample,
    },
    handler: async ({ principal }) => ({ ...(await passkeyCreationOptions(deps, { principal })) }),
  }),

  route({
    method: 'POST',
    path: '/me/factors/passkey/',
    access: 'authenticated',
    operationId: 'enrolPasskey',
    tag,
    summary: 'Turn on a passkey',
    description:
      'Takes what the browser created. From now on the passkey signs in by itself, and is a second factor. This session has shown it: the tokens of its next refresh have level `aal2`. The first factor of an account comes with ten recovery codes.',
    body: Type.Object(
      { name: Type.Optional(FactorNameField), passkey: MadePasskeyField },
      { $id: 'PasskeyEnrolment', additionalProperties: false },
    ),
    bodyExample: { name: 'Laptop', passkey: madePasskeyExample },
    rules: factorRules,
    stepUp: freshly,
    success: {
      status: 201,
      description: 'The passkey is on.',
      schema: Type.Object(
        { id: Type.Integer({ description: 'The id of the factor.' }), recovery_codes: RecoveryCodesField },
        { $id: 'EnrolledPasskey' },
      ),
      example: { id: 8, ...recoveryCodesExample },
    },
    rejections: ['conflict'],
    async handler({ principal, body, origin }) {
      const passkey = body.passkey as unknown as RegistrationResponseJSON
      const enrolment = { name: body.name ?? 'Passkey', passkey }
      const { id, recoveryCodes } = await enrolPasskey(deps, { principal, origin }, enrolment)
      return { id, recovery_codes: [...recoveryCodes] }
    },
  }),
]
