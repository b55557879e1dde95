import { type Route, route } from '../http/index.ts'
import {
  PreviewBody,
  PreviewedBody,
  previewExample,
  previewedExample,
  toChanges,
  toPreviewedBody,
} from './preview-schemas.ts'
import type { AccessRouteDeps } from './routes.ts'
import { modelCost } from './what-if/model-cost.ts'
import { previewChanges } from './what-if/preview-changes.ts'

const defaultLimit = 50

export const previewRoutes = ({ whatIf, checkLimiter }: AccessRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/access/preview/',
    // What it tells of roles is theirs to read who read roles, and of users who read users.
    access: {
      resource_name: 'roles',
      action: 'read',
      also: { resource_name: 'users', action: 'read' },
    },
    operationId: 'previewAccess',
    tag: 'Access control',
    summary: 'Ask what changes would change',
    description:
      'Who would gain and lose what by changes of roles, permissions and accounts, made one after the other; nothing is written. The numbers are exact over everybody. A permission counts for each resource and action that somebody may use: `documents:all` for every action of `documents`. Nothing is allowed to an inactive account, and everything to an active superuser. Whether the caller could make these changes is not asked; what nobody could make is a 400.',
    body: PreviewBody,
    bodyExample: previewExample,
    success: {
      status: 200,
      description: 'Who gains and loses what.',
      schema: PreviewedBody,
      example: previewedExample,
    },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ principal, body }) {
      checkLimiter.take(principal.userId, await modelCost(whatIf.store))
      return toPreviewedBody(
        await previewChanges(whatIf, toChanges(body.changes), body.limit ?? defaultLimit),
      )
    },
  }),
]
