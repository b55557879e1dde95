import { auditEventExample } from '../audit/index.ts'
import { type Route, route, TextStream } from '../http/index.ts'
import type { EventHub } from './event-hub.ts'
import { eventText } from './event-stream.ts'

const example = [
  eventText({ name: 'hello', data: { session: '0190a1b2-7c3d-7e4f-8a5b-6c7d8e9fa0b1' } }),
  eventText({ name: 'audit', data: auditEventExample }),
  eventText({ name: 'rights_changed', data: {} }),
  eventText({ name: 'signed_out', data: { reason: 'deactivated' } }),
].join('')

export const liveRoutes = (eventHub: EventHub): readonly Route[] => [
  route({
    method: 'GET',
    path: '/events/',
    access: 'authenticated',
    operationId: 'followEvents',
    tag: 'Events',
    summary: 'Follow events',
    description: `A stream of events (\`text/event-stream\`), read with \`fetch\`, as it needs the \`Authorization\` header. The data of each is JSON.

| event | data | when |
|---|---|---|
| \`hello\` | \`{session}\`, its uuid | first; what happens from here on is told, and perhaps what was written to the audit within the second before |
| \`signed_out\` | \`{reason}\`, the \`end_reason\` of the session or null | the session is over; the stream ends |
| \`rights_changed\` | \`{}\` | the caller's roles, what they permit, or the superuser mark changed: read \`/me/\` again |
| \`audit\` | a row of \`GET /audit/\` | it was written; only while the caller holds \`audit:read\`. Now and then a lower id comes after a higher one |
| \`gap\` | \`{missed: true}\` | the client was too slow for the audit: read the list again |
| \`expired\` | \`{}\` | the access token has run out; the stream ends. Come back with the next one |

Each node tells of what happens on any of them, within a second. A comment line comes every 15 seconds. A stream that ends without a last word was cut: come back after a moment. At most 20 streams are open for one account, and 1,000 on one node.`,
    success: {
      status: 200,
      description: 'The events, until the session or the token ends.',
      contentType: 'text/event-stream',
      stream: true,
      schema: TextStream(),
      example,
      // A proxy that collects an answer before it passes it on would keep every event to itself.
      headers: { 'x-accel-buffering': 'no' },
    },
    rejections: ['too_many_requests'],
    handler: ({ principal }) => eventHub.follow(principal),
  }),
]
