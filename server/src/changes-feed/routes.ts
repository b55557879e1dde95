import { type Route, route, TextStream, Type } from '../http/index.ts'
import { invalidField, message, parseDuration } from '../kernel/index.ts'
import type { ChangesFeed } from './feed.ts'

const maxWaitSeconds = 30

function toWaitMs(wait: string | undefined): number {
  const seconds = parseDuration(wait ?? '0s')
  if (seconds === undefined || seconds > maxWaitSeconds) throw invalidField('wait', message('changes.wait'))
  return seconds * 1000
}

const changeExample = {
  event: 'change',
  data: { kind: 'user_logged_out', userId: 5, beforeMs: 1796025600000, id: 812, expiresAtMs: 1796026800000 },
}
const nowExample = {
  event: 'now',
  id: 'pQ3…',
  data: { time: '2026-11-30T08:00:00.000Z', cursor: 'pQ3…', as_of_ms: 4 },
}

const ChangeRecordsBody = Type.Object(
  {
    cursor: Type.String({ description: 'What `after` takes next.' }),
    records: Type.Array(
      Type.Object({
        event: Type.String({ description: '`snapshot`, `change`, `now` or `gone`.' }),
        id: Type.Optional(Type.String()),
        data: Type.Unknown({ description: 'As in the stream: an object, or the JWS of a snapshot.' }),
      }),
    ),
  },
  { $id: 'ChangeRecords' },
)

const example = [
  'event: snapshot',
  'id: pQ3…',
  'data: eyJhbGciOiJFZERTQSIsInR5cCI6InByb3B1c2stc25hcHNob3Qrand0Iiwia2lkIjoi…',
  '',
  'event: now',
  'id: pQ3…',
  'data: {"time":"2026-11-30T08:00:00.000Z","cursor":"pQ3…","as_of_ms":-12,"count":1,"hash":""}',
  '',
  'event: change',
  'data: {"kind":"user_logged_out","userId":5,"beforeMs":1796025600000,"id":812,"expiresAtMs":1796026800000}',
  '',
  '',
].join('\n')

/** A proxy that collects an answer before it passes it on would keep every event to itself. */
const unbuffered = { 'x-accel-buffering': 'no' }

export const changesFeedRoutes = (feed: ChangesFeed): readonly Route[] => [
  route({
    method: 'GET',
    path: '/changes/',
    access: { resource_name: 'changes' },
    operationId: 'followChanges',
    tag: 'Changes',
    summary: 'Follow the changes that a gate needs',
    description: `What a gate in another process needs to refuse an access token that is over, without asking: a stream of events (\`text/event-stream\`), or with \`wait\` or \`after\` the same records as JSON. The library \`@propusk/gate\` reads it. Follow it with an API key that holds \`changes:read\`.

| event | data | when |
|---|---|---|
| \`snapshot\` | a JWS of \`typ\` \`propusk-snapshot+jwt\`: all that a gate must know at one instant | first, unless the request says from where to go on |
| \`change\` | a change of it, JSON | once it is committed. It may come twice |
| \`now\` | \`time\`, \`cursor\`, \`as_of_ms\`, \`count\`, \`hash\`, JSON | each second, while this node itself is up to date |
| \`gone\` | \`{}\` | the cursor is too old: a snapshot follows |

- \`as_of_ms\`: when the reading of the database began that the node goes by, in milliseconds since this request arrived, by a monotonic clock. A follower that has not been told for longer than its bound refuses by itself; its own clock from the moment of the request, plus this number, is how old its knowledge is.
- \`count\` is the number of events other than \`now\` on this stream so far. \`hash\` is a running hash: the first \`now\` gives where it stands, and each \`change\` after it makes it SHA-256(hash before, data), in base64url. Where either does not fit something was lost on the way: start over.
- \`id\` is an opaque cursor, which \`Last-Event-ID\` or \`after\` hand back. It is good for an hour, on every node.
- A stream ends after a quarter of an hour, when its node stops, when its reader cannot keep up, and when the caller may no longer read it. Come back with the cursor, after the time that \`retry\` names.
- A node serves 2,000 streams and waiting requests at a time, and 1,200 for one caller: more are refused with 429 and \`Retry-After\`.`,
    query: Type.Object(
      {
        after: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100_000, description: 'A cursor. The answer is JSON.' }),
        ),
        wait: Type.Optional(
          Type.String({
            maxLength: 10,
            description: 'How long to wait for a change, `0s` to `30s`. The answer is JSON.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'The events, or the records as JSON.',
      contentType: 'text/event-stream',
      stream: true,
      schema: TextStream(),
      example,
      headers: unbuffered,
      other: {
        isAsked: ({ after, wait }) => after !== undefined || wait !== undefined,
        contentType: 'application/json; charset=utf-8',
        headers: unbuffered,
        schema: ChangeRecordsBody,
        example: { cursor: 'pQ3…', records: [changeExample, nowExample] },
      },
    },
    rejections: ['too_many_requests', 'unavailable'],
    handler({ principal, query: { after, wait }, lastEventId }) {
      if (after === undefined && wait === undefined) return feed.follow(principal, lastEventId)
      return inPieces(feed.poll(principal, after, toWaitMs(wait)))
    },
  }),
]

async function inPieces(answer: Promise<readonly string[]>): Promise<AsyncIterable<string>> {
  const pieces = await answer
  return (async function* () {
    yield* pieces
  })()
}
