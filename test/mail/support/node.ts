import { composeServer } from '../../../server/src/compose.ts'
import { loadConfig } from '../../../server/src/config/index.ts'
import { openCore } from '../../../server/src/core.ts'
import { createPasswordHasher } from '../../../server/src/identity/index.ts'

/** What a test asks of a node in a process of its own, by messages. */
export type NodeRequest =
  | { readonly do: 'add'; readonly emails: readonly string[] }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'send' }

let passedMs = 0
const clock = { nowMs: () => Date.now() + passedMs, monotonicMs: () => performance.now() + passedMs }
const core = await openCore(loadConfig(process.env), {
  clock,
  hasher: createPasswordHasher({ memoryKib: 8, passes: 1 }),
})
const server = await composeServer(core)

const work = {
  add: ({ emails }: Extract<NodeRequest, { do: 'add' }>) =>
    core.transaction(async ({ outbox }) => {
      for (const toEmail of emails) {
        const mail = {
          kind: 'address_taken',
          locale: 'en',
          toEmail,
          userId: null,
          proofId: null,
          details: {},
        } as const
        await outbox.add(mail, clock.nowMs())
      }
    }),
  advance: async ({ ms }: Extract<NodeRequest, { do: 'advance' }>) => {
    passedMs += ms
  },
  send: () => server.mail!.sendDue(),
}

process.on('message', async (request: NodeRequest) => {
  await work[request.do](request as never)
  process.send?.(request.do)
})
process.send?.('ready')
