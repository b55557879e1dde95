import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type MailKind, mailKinds, type NewMail } from '../../server/src/mail/index.ts'
import { type ProofKind, proofKinds } from '../../server/src/proofs/index.ts'
import { engines } from '../support/engines.ts'
import { makeProof } from '../support/proofs.ts'
import { testWorld, type World } from '../support/world.ts'
import { mailEnv, smtpServer } from './support/smtp.ts'

/** Every value of every table, as one text. */
async function readEverything({ core }: World): Promise<string> {
  const { read } = core.database
  const tables = await read.introspection.getTables()
  const texts: string[] = []
  for (const { name } of tables) {
    texts.push(
      JSON.stringify(
        await read
          .selectFrom(name as 'users')
          .selectAll()
          .execute(),
      ),
    )
  }
  assert.ok(tables.length > 20, 'the tables were not found')
  return texts.join('\n')
}

for (const engine of engines) {
  describe(`what was sent by mail, on ${engine}`, () => {
    it('no link, code or text of it stands in the database or in the log, also when a server quotes it', async () => {
      let attempts = 0
      const smtp = await smtpServer({
        // A filter that quotes what it dislikes, at first for a while and then for good.
        onContent: raw => {
          attempts += 1
          const text = `5.7.1 blocked: ${raw.replaceAll('=\r\n', '').match(/#t=\S+/)?.[0] ?? ''}`
          if (attempts % 3 === 0) return { status: 451, text }
          return attempts % 5 === 0 ? { status: 550, text } : undefined
        },
      })
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      const kinds: readonly MailKind[] = mailKinds
      const proofIds: number[] = []
      for (const kind of Object.keys(proofKinds) as ProofKind[]) {
        const token = await makeProof(world, { kind, email: `${kind}@example.com` })
        proofIds.push(Number(token.split('.')[0]))
      }
      await world.core.transaction(async ({ outbox }) => {
        for (const [index, kind] of kinds.entries()) {
          const mail: NewMail = {
            kind,
            locale: 'en',
            toEmail: `${kind}@example.com`,
            userId: null,
            proofId: proofIds[index % proofIds.length]!,
            details: { event: 'new_device', at: world.core.clock.nowMs() },
          }
          await outbox.add(mail, world.core.clock.nowMs())
        }
      })
      for (const waitMs of [30_000, 120_000, 0]) {
        await world.server.mail!.sendDue()
        world.clock.advance(waitMs)
      }
      const sent = smtp.taken.map(({ mail }) => mail.text ?? '').join('\n')
      const secrets = [
        ...[...sent.matchAll(/#t=(\S+)/g)].map(([, token]) => token!),
        ...[...sent.matchAll(/#t=\d+\.(\S+)/g)].map(([, mac]) => mac!),
        ...[...sent.matchAll(/^(\d{8})\r?$/gm)].map(([, code]) => code!),
      ]
      assert.ok(secrets.length >= 8, sent)
      const stored = `${await readEverything(world)}\n${world.log.join('\n')}`
      assert.ok(stored.includes('password_reset@example.com'))
      for (const secret of secrets) assert.ok(!stored.includes(secret), secret)
      assert.ok(!stored.includes('#t='))
    })
  })
}
