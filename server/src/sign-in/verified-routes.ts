import { type Route, route } from '../http/index.ts'
import { registrationRules } from '../identity/index.ts'
import { assertMailOn, CheckMailBody, checkMail } from '../proofs/index.ts'
import { assertRegistrationOpen, type RegisterDeps } from './register.ts'
import { registerVerified } from './register-verified.ts'
import { RegistrationBody, registrationExample, toRegistration } from './schemas.ts'

interface Place {
  readonly path: string
  readonly access: 'public' | 'browser'
  readonly operationId: string
  readonly tag: string
}

/** Registration where an account is made when its address is proved (`PROPUSK_REGISTRATION=verified`), in the place of the other. */
export const verifiedRoute = (deps: RegisterDeps, place: Place): Route =>
  route({
    method: 'POST',
    ...place,
    summary: 'Create an account whose address is confirmed by email',
    description:
      'Sends an email with a link and a code for `/email/verify/`, which creates the account; they work for a day. The answer, and the time that it takes, are the same if the address is taken: then its owner gets an email that says so. A second registration with the same address and password repeats the first.',
    body: RegistrationBody,
    bodyExample: registrationExample,
    rules: registrationRules(deps),
    success: {
      status: 202,
      description: 'An email is on its way.',
      schema: CheckMailBody,
      example: checkMail,
    },
    rejections: ['mail_not_configured', 'registration_closed', 'too_many_requests'],
    assertOpen: () => {
      assertRegistrationOpen(deps)
      assertMailOn(deps)
    },
    async handler({ body, origin, locale }) {
      await registerVerified(deps, toRegistration(body, origin), locale)
      return checkMail
    },
  })
