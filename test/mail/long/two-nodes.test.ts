import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NewMail } from '../../../server/src/mail/index.ts'
import { sendMail } from '../../../server/src/mail/send-mail.ts'
import { engines, migratedDatabaseUrl } from '../../support/engines.ts'
import { testWorld } from '../../support/world.ts'
import { mailEnv, smtpServer } from '../support/smtp.ts'

const mailTo = (toEmail: string): NewMail => ({
  kind: 'address_taken',
  locale: 'en',
  toEmail,
  userId: null,
  proofId: null,
  details: {},
})

const emailsOf = (count: number) => Array.from({ length: count }, (_, n) => `person-${n}@example.com`)

for (const engine of engines) {
  describe(`two nodes that send mail, on ${engine}`, () => {
    it('send a thousand mails, each once', async () => {
      const smtp = await smtpServer()
      const databaseUrl = await migratedDatabaseUrl(engine)
      const nodes = [
        await testWorld({ databaseUrl, env: mailEnv(smtp) }),
        await testWorld({ databaseUrl, env: mailEnv(smtp) }),
      ]
      const emails = emailsOf(1000)
      // Both add, and both look at once.
      await Promise.all(
        nodes.map(({ core }, index) =>
          core.transaction(async ({ outbox }) => {
            for (const [n, email] of emails.entries()) {
              if (n % 2 === index) await outbox.add(mailTo(email), core.clock.nowMs())
            }
          }),
        ),
      )
      const count = async () => (await nodes[0]!.core.stores.outbox.count()).pending
      for (let round = 0; round < 100 && (await count()) > 0; round++) {
        await Promise.all(nodes.map(({ server }) => server.mail!.sendDue()))
      }
      assert.deepEqual(smtp.taken.map(({ to }) => to.join()).toSorted(), emails.toSorted())
      assert.equal(new Set(smtp.taken.map(({ mail }) => mail.messageId)).size, emails.length)
    })

    it('send each mail once where both believe that they hold the lease', async () => {
      const databaseUrl = await migratedDatabaseUrl(engine)
      const nodes = [await testWorld({ databaseUrl }), await testWorld({ databaseUrl })]
      const taken: string[] = []
      // Without a lease: what each of them does with the mails that it has read.
      const sender = await testWorld({ databaseUrl, env: mailEnv({ port: 9 }) })
      await sender.server.mail!.stop()
      const emails = emailsOf(200)
      const { transaction, clock, stores, config } = sender.core
      await transaction(async ({ outbox }) => {
        for (const email of emails) await outbox.add(mailTo(email), clock.nowMs())
      })
      const { loadTemplates } = await import('../../../server/src/mail/index.ts')
      const depsOf = ({ core }: (typeof nodes)[number]) => ({
        transaction: core.transaction,
        clock,
        transport: {
          send: async ({ toEmail }: { readonly toEmail: string }) => void taken.push(toEmail),
          verify: async () => {},
          close: () => {},
        },
        render: {
          templates: loadTemplates(undefined),
          brand: { name: 'Propusk', color: undefined },
          defaultLocale: 'en' as const,
          publicUrl: config.publicUrl,
        },
        findProof: async () => undefined,
      })
      const due = await stores.outbox.listDue(clock.nowMs(), 1000)
      assert.equal(due.length, emails.length)
      const { signal } = new AbortController()
      const outcomes = await Promise.all(
        nodes.flatMap(node => due.map(mail => sendMail(depsOf(node), mail, signal))),
      )
      assert.deepEqual(taken.toSorted(), emails.toSorted())
      assert.equal(outcomes.filter(outcome => outcome === 'sent').length, emails.length)
      assert.equal(outcomes.filter(outcome => outcome === 'taken').length, emails.length)
    })
  })
}
