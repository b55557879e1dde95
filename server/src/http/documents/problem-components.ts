import { message, type Rejection, render } from '../../kernel/index.ts'
import {
  challengeOf,
  type ProblemCode,
  problemMediaType,
  statusOf,
  toProblem,
  transportProblem,
} from '../problem.ts'

const exampleRequestId = '0190c5d4-7e3a-7c1f-9d52-5b8a2f6e4c10'

/** RFC 9457 as a schema, shared by every error of the documents. */
export const problemSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457). Programs decide by `code`; `title` and `detail` are for people.',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'A URI that stays the same for the same `code`.' },
    title: { type: 'string', description: 'The kind of problem, in English or Russian by Accept-Language.' },
    status: { type: 'integer', description: 'The HTTP status, once more.' },
    detail: { type: 'string', description: 'What is wrong this time and what to do.' },
    code: { type: 'string', enum: Object.keys(statusOf), description: 'Never renamed, never reused.' },
    instance: {
      type: 'string',
      format: 'uri',
      description: 'This one answer; the same id stands in the log.',
    },
    errors: {
      type: 'object',
      description: 'Messages by field; a nested field is written `checks.0.action`.',
      additionalProperties: { type: 'array', items: { type: 'string' } },
    },
    acr_values: {
      type: 'string',
      enum: ['aal1', 'aal2'],
      description: 'The level of authentication that is asked for (RFC 9470).',
    },
    max_age: {
      type: 'integer',
      minimum: 0,
      description: 'How many seconds ago, at most, the caller must have been authenticated (RFC 9470).',
    },
  },
} as const

/** What an example tells beyond the code's own sentence. */
const exampleCauses: Partial<Record<ProblemCode, Partial<Rejection>>> = {
  invalid_request: { errors: { email: [message('field.required')] } },
  conflict: { errors: { email: [message('email.taken')] } },
  insufficient_user_authentication: { stepUp: { acr: 'aal2', maxAgeSeconds: 600 } },
  permission_denied: { detail: message('permission.missing', { permission: 'users:read' }) },
  method_not_allowed: {
    detail: message('rejection.method_not_allowed', { method: 'PUT', allowed: 'GET, HEAD' }),
  },
}

const problemExample = (code: ProblemCode) => ({
  summary: render('en', message(`title.${code}`)),
  value: toProblem({ ...transportProblem(code), ...exampleCauses[code] }, 'en', exampleRequestId),
})

/** The headers that come with the problems of one status. */
const headersByStatus: Readonly<Record<number, Readonly<Record<string, object>>>> = {
  401: {
    'WWW-Authenticate': {
      description: 'The challenge (RFC 6750 section 3).',
      schema: { type: 'string' },
      example: challengeOf('invalid_token'),
    },
  },
  429: { 'Retry-After': retryAfter('How many seconds to wait.') },
  503: { 'Retry-After': retryAfter('When to try again, in seconds.') },
}

function retryAfter(description: string) {
  return { description, schema: { type: 'integer', minimum: 1 }, example: 1 }
}

/**
 * The error answers of one operation, by status. Answers with the same codes are one component, named after
 * them, so that the document says everything once.
 */
export class ProblemComponents {
  readonly #responses = new Map<string, object>()
  readonly #examples = new Map<string, object>()

  get responses(): Readonly<Record<string, object>> {
    return sortedObject(this.#responses)
  }

  get examples(): Readonly<Record<string, object>> {
    return sortedObject(this.#examples)
  }

  describe(codes: Iterable<ProblemCode>): Record<string, object> {
    const byStatus = Object.groupBy(new Set(codes), code => String(statusOf[code]))
    return Object.fromEntries(
      Object.entries(byStatus).map(([status, group]) => [
        status,
        this.#response(Number(status), group ?? []),
      ]),
    )
  }

  #response(status: number, codes: readonly ProblemCode[]): object {
    const sorted = codes.toSorted()
    const name = sorted.map(pascalCase).join('Or')
    for (const code of sorted) this.#examples.set(pascalCase(code), problemExample(code))
    const headers = headersByStatus[status]
    this.#responses.set(name, {
      description: `${sorted.map(code => `${render('en', message(`title.${code}`))} (\`${code}\`)`).join(', or ')}.`,
      ...(headers && { headers }),
      content: {
        [problemMediaType]: {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(
            sorted.map(code => [code, { $ref: `#/components/examples/${pascalCase(code)}` }]),
          ),
        },
      },
    })
    return { $ref: `#/components/responses/${name}` }
  }
}

const pascalCase = (code: string) =>
  code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

const sortedObject = (map: ReadonlyMap<string, object>) =>
  Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
