import { type Message, message, Rejection } from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import type { PermissionParts } from './permission-store.ts'

/** A permission as it is asked for: two code names. */
export interface PermissionFields {
  readonly resource: string
  readonly action: string
}

/** The ids behind the two names. Refuses an unknown one in the field that holds it. */
export async function findParts(
  { resources, actions }: Pick<AccessStores, 'resources' | 'actions'>,
  { resource, action }: PermissionFields,
): Promise<PermissionParts> {
  const [foundResource] = await resources.findByCodeNames([resource])
  const [foundAction] = await actions.findByCodeNames([action])
  if (foundResource !== undefined && foundAction !== undefined) {
    return { resourceId: foundResource.id, actionId: foundAction.id }
  }
  const errors: Record<string, readonly Message[]> = {}
  if (foundResource === undefined) errors.resource = [message('resource.unknown', { resource })]
  if (foundAction === undefined) errors.action = [message('action.unknown', { action })]
  throw new Rejection('invalid_request', { errors })
}

/** The two fields are one value: both are named when it is taken. */
export const takenPermission = (): Rejection =>
  new Rejection('conflict', {
    errors: { resource: [message('permission.taken')], action: [message('permission.taken')] },
  })
