import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MailId, UserId } from '../../server/src/kernel/index.ts'
import { createSmtpTransport, type NewMail } from '../../server/src/mail/index.ts'
import { engines } from '../support/engines.ts'
import { makeProof } from '../support/proofs.ts'
import { testWorld, type World } from '../support/world.ts'
import { mailEnv, smtpServer } from './support/smtp.ts'

const minuteMs = 60_000

const notice = (toEmail: string): NewMail => ({
  kind: 'security_notice',
  locale: 'en',
  toEmail,
  userId: null,
  proofId: null,
  details: {
    event: 'password_changed',
    device: 'Firefox, Windows',
    network: '203.0.113.24',
    at: 1_800_000_000_000,
  },
})

const add = ({ core }: World, ...mails: NewMail[]) =>
  core.transaction(async ({ outbox }) => {
    for (const mail of mails) await outbox.add(mail, core.clock.nowMs())
  })

const sendDue = ({ server }: World) => server.mail!.sendDue()

const rowsOf = ({ core }: World) =>
  core.database.read.selectFrom('mail_outbox').selectAll().orderBy('id').execute()

const statesOf = async (world: World) =>
  (await rowsOf(world)).map(row => [row.state, row.attempts, row.last_error])

for (const engine of engines) {
  describe(`mails that are sent by SMTP, on ${engine}`, () => {
    it('arrive with text and HTML, one sender, one recipient, and a Message-ID of their own', async () => {
      const smtp = await smtpServer()
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      await add(world, notice('anna@example.com'))
      await sendDue(world)
      const [taken, ...others] = smtp.taken
      assert.deepEqual(others, [])
      assert.deepEqual([taken!.from, taken!.to], ['no-reply@example.org', ['anna@example.com']])
      const { mail } = taken!
      assert.deepEqual([mail.from?.name, mail.from?.address], ['Propusk', 'no-reply@example.org'])
      assert.equal(mail.subject, 'Propusk: Your password was changed')
      const lines = mail.text!.replaceAll('\r\n', '\n').split('\n')
      for (const line of [
        'Time: 15 January 2027 at 08:00 UTC',
        'Device: Firefox, Windows',
        'Network address: 203.0.113.24',
        'https://auth.example.org/account/reset',
      ]) {
        assert.ok(lines.includes(line), `${line}\nis not a line of\n${mail.text}`)
      }
      assert.match(
        mail.html!,
        /<a href="https:\/\/auth\.example\.org\/account\/reset"[^>]*>This was not me<\/a>/,
      )
      assert.doesNotMatch(mail.html!, /<img|<script|<link|url\(|src=/)
      const [row] = await rowsOf(world)
      assert.equal(mail.messageId, `<${row!.created_at}.${row!.id}@example.org>`)
      assert.deepEqual([row!.state, row!.attempts], ['sent', 1])
    })

    it('a mail that is answered 451 twice waits 30 s, then 2 min, and arrives once', async () => {
      let refusals = 2
      const smtp = await smtpServer({
        onRecipient: () =>
          refusals-- > 0 ? { status: 451, text: '4.3.0 try again, http://spam.example' } : undefined,
      })
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      await add(world, notice('anna@example.com'))
      for (const waitMs of [30_000, 2 * minuteMs]) {
        await sendDue(world)
        const asked = smtp.asked.length
        world.clock.advance(waitMs - 5_000)
        await sendDue(world)
        assert.equal(smtp.asked.length, asked, 'it was tried before its time')
        world.clock.advance(5_000)
      }
      assert.deepEqual(await statesOf(world), [['pending', 2, '451 4.3.0 EENVELOPE RCPT TO']])
      await sendDue(world)
      assert.deepEqual(await statesOf(world), [['sent', 3, null]])
      assert.deepEqual(
        smtp.taken.map(({ to }) => to),
        [['anna@example.com']],
      )
    })

    it('a mail that is refused for good is not tried again, and the audit says so without the words of the server', async () => {
      const smtp = await smtpServer({
        onRecipient: address =>
          address.startsWith('gone') ? { status: 550, text: `5.1.1 no ${address} here` } : undefined,
      })
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      const user = await world.register('gone@example.com')
      await add(
        world,
        { ...notice('gone@example.com'), userId: user.id as UserId },
        notice('ben@example.com'),
      )
      await sendDue(world)
      world.clock.advance(24 * 60 * minuteMs)
      await sendDue(world)
      const refused = ['failed', 1, '550 5.1.1 EENVELOPE RCPT TO']
      // The first is that of the registration.
      assert.deepEqual(await statesOf(world), [refused, refused, ['sent', 1, null]])
      const events = await world.core.database.read
        .selectFrom('audit_events')
        .selectAll()
        .where('action', '=', 'mail.fail')
        .execute()
      assert.deepEqual(
        events.map(event => [event.target, event.outcome, JSON.parse(event.details)]),
        ['email_verify', 'security_notice'].map((kind, index) => [
          `users/${user.id}`,
          'failure',
          { mail_id: index + 1, kind, attempts: 1, reason: '550 5.1.1 EENVELOPE RCPT TO' },
        ]),
      )
      assert.ok(!world.log.join('').includes('gone@example.com here'))
    })

    it('a mail that no attempt could send fails after the sixth, and can be tried once more', async () => {
      const smtp = await smtpServer({ onContent: () => ({ status: 452, text: 'full' }) })
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      await add(world, notice('anna@example.com'))
      for (const waitMinutes of [0.5, 2, 10, 60, 360, 0]) {
        await sendDue(world)
        world.clock.advance(waitMinutes * minuteMs)
      }
      assert.deepEqual(await statesOf(world), [['failed', 6, '452 EMESSAGE DATA']])
      const [row] = await rowsOf(world)
      await world.core.transaction(({ outbox }) => outbox.retry(row!.id as MailId, world.clock.nowMs()))
      await sendDue(world)
      assert.deepEqual(await statesOf(world), [['failed', 7, '452 EMESSAGE DATA']])
    })

    it('a mail whose proof was used meanwhile is not sent', async () => {
      const smtp = await smtpServer()
      const world = await testWorld({ engine, env: mailEnv(smtp) })
      const email = 'anna@example.com'
      const token = await makeProof(world, { kind: 'password_reset', email })
      const proofId = Number(token.split('.')[0])
      const mail = { ...notice(email), kind: 'password_reset', proofId, details: {} } as const
      world.clock.advance(2 * 60 * minuteMs)
      await add(world, mail)
      await sendDue(world)
      assert.deepEqual(await statesOf(world), [['dropped', 1, null]])
      assert.deepEqual(smtp.taken, [])
    })
  })
}

describe('a mail server', () => {
  it('that hangs holds up no request, and a server that stops', async () => {
    const smtp = await smtpServer({ onRecipient: () => 'hang' })
    const world = await testWorld({ env: mailEnv(smtp) })
    await add(world, notice('anna@example.com'), notice('ben@example.com'))
    const sending = sendDue(world)
    const account = await world.register()
    const answer = await world.call('POST', '/password/reset/request/', { body: { email: account.email } })
    assert.equal(answer.status, 202, answer.text)
    await world.close()
    await sending
    const next = await testWorld({ databaseUrl: world.core.config.databaseUrl, env: mailEnv(smtp) })
    for (const [state, attempts] of (await statesOf(next)).slice(0, 2)) {
      assert.deepEqual([state, attempts], ['pending', 1])
    }
    assert.deepEqual(smtp.taken, [])
  })

  // A name that leads to this machine and is none of its own: TLS is demanded of it.
  const elsewhere = (port: number) =>
    createSmtpTransport({
      url: `smtp://0.0.0.0:${port}`,
      from: { name: '', address: 'no-reply@example.org' },
    })

  it('elsewhere gets no mail without TLS', async () => {
    const smtp = await smtpServer({}, { disabledCommands: ['STARTTLS'] })
    const transport = elsewhere(smtp.port)
    await assert.rejects(transport.verify(), { reason: '500 ETLS STARTTLS', isPermanent: false })
    transport.close()
    assert.deepEqual(smtp.asked, [])
  })

  it('elsewhere gets no mail with a certificate that is not trusted', async () => {
    const smtp = await smtpServer({}, { hideSTARTTLS: false })
    const transport = elsewhere(smtp.port)
    await assert.rejects(transport.verify(), { isPermanent: false })
    transport.close()
    assert.deepEqual(smtp.asked, [])
  })

  for (const address of [
    'anna@example.com\r\nRCPT TO:<evil@example.net>',
    'anna@example.com\r\nBcc: evil@example.net',
    'anna@example.com, evil@example.net',
    'group: anna@example.com, evil@example.net;',
    '"evil@example.net x"@example.com',
    'evil@example.net@example.com',
    'Anna <evil@example.net>',
    'anna@example.com>',
    'anna@exa mple.com',
    'anna@[127.0.0.1]',
  ]) {
    it(`is never asked to take a mail for ${JSON.stringify(address)}`, async () => {
      const smtp = await smtpServer()
      const world = await testWorld({ env: mailEnv(smtp) })
      await add(world, notice(address))
      await sendDue(world)
      assert.deepEqual(await statesOf(world), [['failed', 1, 'no plain address']])
      assert.deepEqual(smtp.asked, [])
    })
  }
})
