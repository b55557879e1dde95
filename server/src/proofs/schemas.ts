import { Type } from '../http/index.ts'
import { EmailField, parseKnownEmail } from '../identity/index.ts'
import { invalidField, type Message, message, Rejection } from '../kernel/index.ts'
import type { PresentedProof } from './find-proof.ts'

/** Longer than any that is sent: one of another form is refused like any other that does not work. */
export const TokenField = Type.String({
  maxLength: 200,
  description: 'What stands behind `#t=` in the link of the email.',
})

const CodeField = Type.String({
  maxLength: 40,
  description: 'The eight digits of the email; spaces and hyphens between them are ignored.',
})

/** A proof in a body: the token by itself, or the address and the code. */
export const proofFields = {
  token: Type.Optional(TokenField),
  email: Type.Optional(EmailField),
  code: Type.Optional(CodeField),
}

export const ProofBody = Type.Object(proofFields, { $id: 'Proof', additionalProperties: false })

export const tokenExample = '417.9mS8Yf0Qm3n0Zt4xk2Jc5pVd7Ws1Rb6LhGa8EoTqUi'

export const aboutProof =
  'The email is presented by the `token` of its link, or by `email` and the `code` in it, entered on any device. A link or code that is wrong, used, expired or of another email is one 400 in `errors.token` or `errors.code`; so is the code of an address that is unknown. After six wrong codes, those of an address no longer work; its links still do.'

/** Refuses with `invalid_request` where neither a token is given nor both an address and a code. */
export function toPresentedProof({
  token,
  email,
  code,
}: {
  readonly token?: string | undefined
  readonly email?: string | undefined
  readonly code?: string | undefined
}): PresentedProof {
  if (token !== undefined) return { token }
  if (email !== undefined && code !== undefined) return { email: parseKnownEmail(email), code }
  const required: readonly Message[] = [message('field.required')]
  if (email === undefined && code === undefined)
    throw new Rejection('invalid_request', { errors: { token: required } })
  throw new Rejection('invalid_request', {
    errors: email === undefined ? { email: required } : { code: required },
  })
}

export const CheckMailBody = Type.Object(
  { next: Type.Literal('check_mail') },
  { $id: 'CheckMail', description: 'The same whether an email was sent or not.' },
)

export const checkMail = { next: 'check_mail' } as const

/** The canonical address. Refuses with `invalid_request` what is no address at all, which is no secret of the server. */
export function toEmail(presented: string): string {
  const email = parseKnownEmail(presented)
  if (email === undefined) throw invalidField('email', message('email.invalid'))
  return email
}
