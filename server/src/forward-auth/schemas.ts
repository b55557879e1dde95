import { entityTagOf, Instant, type Static, Type } from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import { reasons } from './decide-forward.ts'
import { type ForwardRule, forwardMethods } from './forward-rule.ts'

/** Of an age: a shorter one would be over before a browser is back from the proof. */
const leastMaxAge = 60

const Host = Type.String({
  minLength: 1,
  maxLength: 255,
  description:
    'In lower case, without a port: `app.example.org`, or `*.example.org` for every name below it.',
})
const Path = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: 'Decoded, without a query: `/reports`, or `/reports/*` for it and everything below it.',
})
const Methods = Type.Union(
  [Type.Array(Type.Enum([...forwardMethods]), { minItems: 1, maxItems: 7, uniqueItems: true }), Type.Null()],
  { description: 'Null is every method. GET covers HEAD.' },
)
const Access = Type.String({
  minLength: 1,
  maxLength: 201,
  description: '`public`, `signed_in`, or a permission as `resource:action`.',
})

const Acr = Type.Union([Type.Literal('aal2'), Type.Null()], {
  description:
    '`aal2`: the session must have shown a second factor or a passkey (RFC 9470). Null asks for none.',
})
const MaxAge = Type.Union([Type.Integer({ minimum: leastMaxAge, maximum: 31_536_000 }), Type.Null()], {
  description: 'How many seconds ago, at most, the person confirmed their identity. Null requires none.',
})

export const ForwardRuleBody = Type.Object(
  {
    id: Type.Integer(),
    host: Host,
    path: Path,
    methods: Methods,
    access: Type.Union([Access, Type.Null()], {
      description: 'Null where the permission was deleted: no one passes.',
    }),
    acr: Acr,
    max_age: MaxAge,
    created_at: Instant,
  },
  { $id: 'ForwardRule' },
)

const closed = { additionalProperties: false, 'x-read-only': ['id', 'created_at'] } as const

export const ForwardRuleWriteBody = Type.Object(
  {
    host: Host,
    path: Path,
    methods: Type.Optional(Methods),
    access: Access,
    acr: Type.Optional(Acr),
    max_age: Type.Optional(MaxAge),
  },
  { $id: 'ForwardRuleWrite', ...closed },
)

export const ForwardRulePatchBody = Type.Object(
  {
    host: Type.Optional(Host),
    path: Type.Optional(Path),
    methods: Type.Optional(Methods),
    access: Type.Optional(Access),
    acr: Type.Optional(Acr),
    max_age: Type.Optional(MaxAge),
  },
  { $id: 'ForwardRulePatch', minProperties: 1, ...closed },
)

export const ForwardAnswerBody = Type.Object(
  {
    status: Type.Integer({ description: 'What the proxy would be answered: 200, 401 or 403.' }),
    because: Type.Enum([...reasons]),
    rule: Type.Union([ForwardRuleBody, Type.Null()], { description: 'The rule that answers.' }),
  },
  { $id: 'ForwardAnswer' },
)

export const toForwardRuleBody = ({
  id,
  host,
  path,
  methods,
  access,
  acr,
  maxAgeSeconds,
  createdAtMs,
}: ForwardRule) => ({
  id,
  host,
  path,
  methods: methods === null ? null : [...methods],
  access,
  acr,
  max_age: maxAgeSeconds,
  created_at: toRfc3339(createdAtMs),
})

export const forwardRuleEtag = (body: Static<typeof ForwardRuleBody>): string => entityTagOf(body)

export const forwardRuleExample = {
  id: 4,
  host: 'app.example.org',
  path: '/reports/*',
  methods: ['GET'],
  access: 'documents:read',
  acr: 'aal2',
  max_age: 3600,
  created_at: '2026-11-30T08:00:00.000Z',
}
