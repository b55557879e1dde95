import { type FactorId, invalidField, message, Rejection } from '../kernel/index.ts'
import { maxFactorsOfKind } from './factor.ts'
import {
  type ConfirmedFactor,
  lockOwner,
  type ManageFactorsDeps,
  newRecoveryCodes,
  notify,
  type Owner,
  record,
  toName,
  tooManyFactors,
} from './manage-factors.ts'
import type { RegistrationResponseJSON } from './passkeys.ts'
import { raiseByEnrolment } from './raise-by-enrolment.ts'

/** What the caller's browser makes a passkey by. */
export async function passkeyCreationOptions(
  { stores, users, ceremonies }: ManageFactorsDeps,
  { principal: { userId } }: Pick<Owner, 'principal'>,
) {
  const user = await users.findById(userId)
  if (user === undefined) throw new Rejection('invalid_token')
  const { id, email, firstName, lastName } = user
  const name = [firstName, lastName].filter(Boolean).join(' ') || email
  return await ceremonies.creationOptions({ id, email, name }, await stores.passkeys.list(userId))
}

interface EnrolledPasskey extends ConfirmedFactor {
  readonly id: FactorId
}

/**
 * Turns a passkey on that the caller's browser has just made; the first factor of an account comes with ten recovery codes.
 * Rejects with `invalid_request` (`errors.passkey`: refused, or its challenge was answered before; `errors.name`) and with
 * `conflict` (there is such a passkey, or ten).
 */
export async function enrolPasskey(
  deps: ManageFactorsDeps,
  owner: Owner,
  { name: presentedName, passkey }: { readonly name: string; readonly passkey: RegistrationResponseJSON },
): Promise<EnrolledPasskey> {
  const { userId } = owner.principal
  const nowMs = deps.clock.nowMs()
  const name = toName(presentedName)
  const made = await deps.ceremonies.verifyMade(passkey, userId)
  if (made === undefined) throw refused()
  const codes = await newRecoveryCodes(deps)
  const transports = passkey.response.transports ?? []
  return deps.transaction(async stores => {
    await lockOwner(stores, userId)
    if (!(await stores.passkeys.consumeChallenge(made))) throw refused()
    if ((await stores.factors.countOf(userId, 'passkey')) >= maxFactorsOfKind) throw tooManyFactors()
    const wasOn = await stores.factors.isOn(userId)
    const id = await stores.passkeys.add({ ...made, userId, name, transports }, nowMs)
    if (id === undefined) throw new Rejection('conflict', { detail: message('passkey.taken') })
    if (!wasOn) await stores.recoveryCodes.replaceAll(userId, codes.hashed, nowMs)
    await raiseByEnrolment(stores, owner, 'passkey', nowMs)
    const details = { factor_id: id, kind: 'passkey', name }
    await record(stores, owner, { action: 'factor.create', details }, nowMs)
    await notify(stores, owner, 'factor_added', nowMs)
    return { id, recoveryCodes: wasOn ? [] : codes.shown }
  })
}

const refused = (): Rejection => invalidField('passkey', message('passkey.refused'))
