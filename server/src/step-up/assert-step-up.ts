import { isAuthenticatedEnough } from '@propusk/gate/core'
import type { FactorStore } from '../factors/index.ts'
import {
  type Clock,
  isKeyPrincipal,
  needsFactor,
  type Principal,
  Rejection,
  type StepUpDemand,
  type UserId,
} from '../kernel/index.ts'

interface Deps {
  /** Committed state. */
  readonly factors: Pick<FactorStore, 'isOn'>
  readonly clock: Clock
}

/**
 * Rejects with `insufficient_user_authentication` a caller who did not prove who is there within so many seconds, or not
 * with a second factor though the account has one (ADR 47). By the claims of the token: a refresh moves none of them. A
 * program with an API key has nothing to prove itself anew with, and is bounded by what its key was given.
 */
export const stepUpAssertion =
  ({ factors, clock }: Deps) =>
  async (principal: Principal, { maxAgeSeconds }: { readonly maxAgeSeconds: number }): Promise<void> => {
    if (isKeyPrincipal(principal)) return
    const demand: StepUpDemand = {
      acr: (await factors.isOn(principal.userId)) ? 'aal2' : 'aal1',
      maxAgeSeconds,
    }
    const { authentication } = principal
    if (authentication === undefined || !isAuthenticatedEnough(authentication, demand, clock.nowMs())) {
      throw new Rejection('insufficient_user_authentication', { stepUp: demand })
    }
  }

interface StaffLookup {
  findById(id: UserId): Promise<{ readonly isStaff: boolean; readonly isSuperuser: boolean } | undefined>
}

/**
 * Where staff must have a second factor (PROPUSK_STAFF_FACTOR), rejects with `insufficient_user_authentication` a session of a
 * member of the staff, or of a superuser, that did not show one: whether it is enrolled or not. Own account pages, on
 * which one enrols, do not ask here. The account is read only for sessions of level `aal1`.
 */
export const staffFactorAssertion =
  (setting: 'optional' | 'required', users: StaffLookup) =>
  (principal: Principal): Promise<void> | undefined => {
    if (setting === 'optional' || isKeyPrincipal(principal)) return undefined
    if (principal.authentication?.acr === 'aal2') return undefined
    return users.findById(principal.userId).then(user => {
      if (user?.isStaff || user?.isSuperuser) throw needsFactor()
    })
  }
