import { type Route, route } from '../http/index.ts'
import { type EvaluationRouteDeps, evaluationRoutes } from './evaluation-routes.ts'
import { PdpMetadataBody } from './schemas.ts'
import { type SearchRouteDeps, searchRoutes } from './search-routes.ts'
import { tag } from './shared-routes.ts'

/** Section 9.1. What is not named is not there: search for resources, since single ones are not stored here. */
const pdpMetadata = (publicUrl: string) => ({
  policy_decision_point: publicUrl,
  access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
  access_evaluations_endpoint: `${publicUrl}/access/v1/evaluations`,
  search_subject_endpoint: `${publicUrl}/access/v1/search/subject`,
  search_action_endpoint: `${publicUrl}/access/v1/search/action`,
})

interface Deps extends EvaluationRouteDeps, SearchRouteDeps {
  readonly stores: SearchRouteDeps['stores']
  readonly publicUrl: string
}

/** The Authorization API 1.0 of the OpenID Foundation (AuthZEN): decisions for programs without our code. */
export const authzenRoutes = (deps: Deps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/.well-known/authzen-configuration',
    access: 'public',
    operationId: 'getAuthzenConfiguration',
    tag,
    summary: 'What this server offers of AuthZEN',
    description:
      'The metadata of AuthZEN 1.0, section 9. There is no search for resources: single ones are not stored.',
    standard: { body: 'json', echoesRequestId: true },
    success: {
      status: 200,
      description: 'The endpoints.',
      schema: PdpMetadataBody,
      example: pdpMetadata('https://id.example.com'),
      headers: { 'cache-control': 'public, max-age=3600' },
    },
    handler: () => pdpMetadata(deps.publicUrl),
  }),
  ...evaluationRoutes(deps),
  ...searchRoutes(deps),
]
