import { message, Rejection } from '../kernel/index.ts'
import type { PresentedFactor } from './prove-factor.ts'

/** What a wrong factor is answered with where the caller is not signed in: `errors` names it. */
export function wrongFactor(presented: PresentedFactor): Rejection {
  const field = (['totp', 'recovery', 'passkey'] as const).find(name => presented[name] !== undefined)
  const detail = message(field === 'passkey' ? 'passkey.refused' : 'factor.wrong')
  return new Rejection('invalid_credentials', { detail, errors: { [field ?? 'totp']: [detail] } })
}
