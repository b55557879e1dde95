import { Rejection } from '../kernel/index.ts'

/** Why a caller without a second factor is refused whose account has one. */
export const needsFactor = (): Rejection =>
  new Rejection('insufficient_user_authentication', { stepUp: { acr: 'aal2' } })
