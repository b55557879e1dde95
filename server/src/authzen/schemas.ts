import { Type } from '../http/index.ts'

/** Attributes of whatever kind. Taken, and of no weight: what is allowed here follows from roles alone. */
const Attributes = Type.Optional(Type.Object({}, { description: 'Taken, and of no weight here.' }))

const SubjectType = Type.String({ description: '`user`; there are no others.' })
const SubjectId = Type.String({ description: 'The id of a user in decimal, or their email address.' })
const ResourceType = Type.String({ description: 'The code name of a resource.' })
const ResourceId = Type.String({
  description: 'Which one of its kind. Of no weight: rights are to kinds of things, not to single ones.',
})
const ActionName = Type.String({ description: 'The code name of an action.' })

const SubjectProperties = Type.Optional(
  Type.Object(
    {},
    {
      description:
        '`acr`: the level of the session that is asked about, `aal1` unless it is `aal2`: a role may ask for a second factor. Other properties are taken, and of no weight.',
    },
  ),
)

const subject = { type: SubjectType, id: SubjectId, properties: SubjectProperties }
const resource = { type: ResourceType, id: ResourceId, properties: Attributes }
const Subject = Type.Object(subject, { $id: 'AuthzenSubject' })
const Action = Type.Object({ name: ActionName, properties: Attributes }, { $id: 'AuthzenAction' })
const Resource = Type.Object(resource, { $id: 'AuthzenResource' })

/** Section 6.1. */
export const EvaluationBody = Type.Object(
  { subject: Subject, action: Action, resource: Resource, context: Attributes },
  { $id: 'AuthzenEvaluation' },
)

/** Values that evaluations are completed from, so each may be a part. */
const defaults = {
  subject: Type.Optional(Type.Partial(Type.Object(subject))),
  action: Type.Optional(Type.Partial(Type.Object({ name: ActionName, properties: Attributes }))),
  resource: Type.Optional(Type.Partial(Type.Object(resource))),
  context: Attributes,
}

const maxEvaluations = 100

/** Section 7.1. What is wrong in one evaluation is an answer about that one, so none is judged here. */
export const EvaluationsBody = Type.Object(
  {
    ...defaults,
    evaluations: Type.Optional(
      Type.Array(Type.Unknown(), {
        maxItems: maxEvaluations,
        description: 'Each as the body of a single evaluation, without what stands beside this list.',
      }),
    ),
    options: Type.Optional(
      Type.Object({
        evaluations_semantic: Type.Optional(
          Type.Union([
            Type.Literal('execute_all'),
            Type.Literal('deny_on_first_deny'),
            Type.Literal('permit_on_first_permit'),
          ]),
        ),
      }),
    ),
  },
  { $id: 'AuthzenEvaluations' },
)

export const DecisionBody = Type.Object(
  {
    decision: Type.Boolean(),
    context: Type.Object(
      {
        because: Type.Optional(
          Type.Array(Type.Unknown(), {
            description:
              'Each role and permission that allows it, or what is missing, as `/api/auth/access/explain/` says it.',
          }),
        ),
        acr_values: Type.Optional(
          Type.Literal('aal2', {
            description: 'It is denied, and a session that showed a second factor would be allowed.',
          }),
        ),
        error: Type.Optional(Type.Object({ status: Type.Integer(), message: Type.String() })),
      },
      { $id: 'AuthzenDecisionContext' },
    ),
  },
  { $id: 'AuthzenDecision' },
)

/** A single decision where the request had no list. */
export const DecisionsBody = Type.Object(
  {
    evaluations: Type.Optional(Type.Array(DecisionBody)),
    decision: Type.Optional(Type.Boolean()),
    context: Type.Optional(Type.Object({})),
  },
  { $id: 'AuthzenDecisions' },
)

const Page = Type.Optional(
  Type.Object({
    token: Type.Optional(
      Type.String({ description: '`next_token` of the answer before; empty for the start.' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, description: '50 unless given; at most 200 are answered.' }),
    ),
    properties: Attributes,
  }),
)

/** Section 8.4. */
export const SubjectSearchBody = Type.Object(
  {
    subject: Type.Object({ type: SubjectType, properties: Attributes }),
    action: Action,
    resource: Resource,
    context: Attributes,
    page: Page,
  },
  { $id: 'AuthzenSubjectSearch' },
)

/** Section 8.6. */
export const ActionSearchBody = Type.Object(
  { subject: Subject, resource: Resource, context: Attributes, page: Page },
  { $id: 'AuthzenActionSearch' },
)

const PageBody = Type.Object(
  { next_token: Type.String({ description: 'Empty on the last page.' }), count: Type.Integer() },
  { $id: 'AuthzenPage' },
)

export const FoundSubjectsBody = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        type: Type.String(),
        id: Type.String(),
        properties: Type.Object({ email: Type.String() }),
      }),
    ),
    page: PageBody,
  },
  { $id: 'AuthzenFoundSubjects' },
)

export const FoundActionsBody = Type.Object(
  { results: Type.Array(Type.Object({ name: Type.String() })), page: PageBody },
  { $id: 'AuthzenFoundActions' },
)

export const PdpMetadataBody = Type.Object(
  {
    policy_decision_point: Type.String(),
    access_evaluation_endpoint: Type.String(),
    access_evaluations_endpoint: Type.String(),
    search_subject_endpoint: Type.String(),
    search_action_endpoint: Type.String(),
  },
  { $id: 'AuthzenConfiguration' },
)
