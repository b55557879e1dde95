import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import { testWorld, type World } from '../../../test/support/world.ts'
import { proofKinds } from '../proofs/index.ts'

const newPassword = 'seven quiet lamps at noon'
const passwords = { password: newPassword, password2: newPassword }

const ask = async ({ call }: World, email: string) => {
  const answer = await call('POST', '/password/reset/request/', { body: { email } })
  assert.deepEqual([answer.status, answer.body], [202, { next: 'check_mail' }], answer.text)
}
const reset = ({ call }: World, proof: Record<string, string>, more: Record<string, unknown> = {}) =>
  call('POST', '/password/reset/', { body: { ...proof, ...passwords, ...more } })
const fieldsOf = (answer: { body: { errors?: object } }) => Object.keys(answer.body.errors ?? {})

for (const engine of engines) {
  describe(`a password that is set anew by mail, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { ...withMail, ...unthrottled } })
    const me = (token: string) => world.call('GET', '/me/', { token })

    it('takes the link once, proves the address, ends every session and lets only the new password in', async () => {
      const account = await world.register()
      const other = await world.login(account)
      assert.equal((await me(account.access)).body.email_verified, false)
      await ask(world, account.email)
      const { token } = await sentProof(world, 'password_reset', account.email)

      const answer = await reset(world, { token })
      assert.deepEqual([answer.status, answer.text], [204, ''])
      for (const access of [account.access, other.access]) assert.equal((await me(access)).status, 401)
      const old = await world.call('POST', '/login/', {
        body: { email: account.email, password: account.password },
      })
      assert.equal(old.status, 401)
      const again = await world.login({ email: account.email, password: newPassword })
      assert.equal((await me(again.access)).body.email_verified, true)

      const second = await reset(world, { token })
      assert.deepEqual([second.status, fieldsOf(second)], [400, ['token']])
    })

    it('takes the code with the address, typed with spaces', async () => {
      const account = await world.register()
      await ask(world, account.email.toUpperCase())
      const { code } = await sentProof(world, 'password_reset', account.email)
      const typed = `${code.slice(0, 4)} ${code.slice(4)}`
      assert.equal((await reset(world, { email: account.email, code: typed })).status, 204)
      assert.equal((await reset(world, { email: account.email, code })).status, 400)
    })

    it('leaves the link as it was when the new password does not fit, and names the fault', async () => {
      const account = await world.register()
      await ask(world, account.email)
      const { token, code } = await sentProof(world, 'password_reset', account.email)
      for (const proof of [{ token }, { email: account.email, code }]) {
        const short = await reset(world, proof, { password: 'short', password2: 'other' })
        assert.deepEqual([short.status, fieldsOf(short)], [400, ['password', 'password2']])
        const personal = await reset(world, proof, { password: account.email, password2: account.email })
        assert.deepEqual([personal.status, fieldsOf(personal)], [400, ['password']])
      }
      assert.equal((await reset(world, { token })).status, 204)
    })

    it('makes every other link and code of the account useless', async () => {
      const account = await world.register()
      await ask(world, account.email)
      const first = await sentProof(world, 'password_reset', account.email)
      await ask(world, account.email)
      const second = await sentProof(world, 'password_reset', account.email)
      assert.notEqual(first.token, second.token)
      assert.equal((await reset(world, { token: first.token })).status, 204)
      assert.equal((await reset(world, { token: second.token })).status, 400)
      assert.equal((await reset(world, { email: account.email, code: second.code })).status, 400)
    })

    it('tells the account, in the mail after it', async () => {
      const account = await world.register()
      await ask(world, account.email)
      const { token } = await sentProof(world, 'password_reset', account.email)
      await reset(world, { token })
      const mails = (await outboxOf(world, account.email)).map(({ kind }) => kind)
      assert.deepEqual(mails.slice(-2), ['password_reset', 'security_notice'])
    })

    it('refuses a token that is cut, extended or changed, and one of another proof', async () => {
      const [one, other] = [await world.register(), await world.register()]
      await ask(world, one.email)
      await ask(world, other.email)
      const { token } = await sentProof(world, 'password_reset', one.email)
      const { token: others } = await sentProof(world, 'password_reset', other.email)
      const [id, mac] = token.split('.') as [string, string]
      const [otherId] = others.split('.') as [string]
      const wrong = [
        ...Array.from({ length: token.length }, (_, cut) => token.slice(0, cut)),
        ...Array.from({ length: 5 }, (_, by) => token + 'A'.repeat(by + 1)),
        ...[...mac].map(
          (_, at) => `${id}.${mac.slice(0, at)}${mac[at] === 'A' ? 'B' : 'A'}${mac.slice(at + 1)}`,
        ),
        `${otherId}.${mac}`,
        `0${token}`,
        `${id}.${mac}=`,
        `${id}.${mac}\n`,
      ]
      for (const tried of wrong) {
        const answer = await reset(world, { token: tried })
        assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['token']], tried)
      }
      assert.equal((await reset(world, { token })).status, 204)
    })

    it('makes the code useless after six wrong ones, and not the link', async () => {
      const account = await world.register()
      await ask(world, account.email)
      const { code, token } = await sentProof(world, 'password_reset', account.email)
      const wrong = code === '00000000' ? '00000001' : '00000000'
      for (let tries = 0; tries < 6; tries++) {
        assert.equal((await reset(world, { email: account.email, code: wrong })).status, 400)
      }
      const right = await reset(world, { email: account.email, code })
      assert.deepEqual([right.status, fieldsOf(right)], [400, ['code']])
      assert.equal((await reset(world, { token })).status, 204)
    })

    it('compares at most six codes of any number that come at the same time', async () => {
      const account = await world.register()
      await ask(world, account.email)
      const { code, proof } = await sentProof(world, 'password_reset', account.email)
      const wrong = code === '00000000' ? '00000001' : '00000000'
      await Promise.all(Array.from({ length: 30 }, () => reset(world, { email: account.email, code: wrong })))
      assert.equal((await world.core.stores.proofs.findById(proof.id))?.wrongCodes, 6)
      assert.equal((await reset(world, { email: account.email, code })).status, 400)
    })

    it('works until an hour has passed', async () => {
      for (const [sinceMs, status] of [
        [proofKinds.password_reset.lifeMs - 1000, 204],
        [proofKinds.password_reset.lifeMs + 1000, 400],
      ] as const) {
        const account = await world.register()
        await ask(world, account.email)
        const { token } = await sentProof(world, 'password_reset', account.email)
        world.clock.advance(sinceMs)
        assert.equal((await reset(world, { token })).status, status)
      }
    })

    it('is not sent to an unknown address, a closed account, or one that has this address no more', async () => {
      const closed = await world.register()
      await world.call('DELETE', '/me/', { token: closed.access })
      for (const email of ['nobody@example.com', closed.email]) {
        await ask(world, email)
        assert.equal(await findSentProof(world, 'password_reset', email), undefined)
        const mail = (await outboxOf(world, email)).at(-1)
        const proof = await world.core.stores.proofs.findById(mail!.proof_id as never)
        assert.ok(proof!.expiresAtMs <= mail!.created_at, 'its sender drops it')
      }
    })

    it('does not work for an account that was closed or got another address meanwhile', async () => {
      const { access: token } = await world.superuser()
      for (const body of [{ is_active: false }, { email: 'elsewhere@example.com' }]) {
        const account = await world.register()
        await ask(world, account.email)
        const sent = await sentProof(world, 'password_reset', account.email)
        assert.equal((await world.call('PATCH', `/users/${account.id}/`, { token, body })).status, 200)
        assert.equal((await reset(world, { token: sent.token })).status, 400)
        assert.equal((await reset(world, { email: account.email, code: sent.code })).status, 400)
      }
    })

    it('is used by one of fifty at the same time', async () => {
      const second = await testWorld({
        engine,
        env: { ...withMail, ...unthrottled },
        databaseUrl: world.core.config.databaseUrl,
      })
      const account = await world.register()
      await ask(world, account.email)
      const { token, code } = await sentProof(world, 'password_reset', account.email)
      const proofs = [{ token }, { email: account.email, code }]
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => {
          const password = `seven quiet lamps at ${at}`
          return reset(at % 2 ? second : world, proofs[at % 4 < 2 ? 0 : 1]!, {
            password,
            password2: password,
          })
        }),
      )
      const won = answers.flatMap(({ status }, at) => (status === 204 ? [at] : []))
      assert.equal(won.length, 1)
      await world.login({ email: account.email, password: `seven quiet lamps at ${won[0]}` })
      await second.close()
    })
  })
}

describe('a mail to set a new password', async () => {
  const world = await testWorld({ env: withMail })

  it('is refused for what is no address, two addresses or a quoted one, without a mail', async () => {
    const wrong = [
      '',
      'a@b@c.test',
      'a@x.test,b@y.test',
      '"x@evil.test y"@corp.test',
      'mıke@example.org',
      `${'a'.repeat(200)}@x.test`,
    ]
    for (const email of wrong) {
      const answer = await world.call('POST', '/password/reset/request/', { body: { email } })
      assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['email']], email)
    }
    assert.equal((await world.core.database.read.selectFrom('proofs').selectAll().execute()).length, 0)
  })

  it('is sent to one address at most five times an hour, and no answer tells', async () => {
    const account = await world.register()
    for (let asked = 0; asked < 8; asked++) await ask(world, account.email)
    assert.equal((await outboxOf(world, account.email)).length, 5)
    world.clock.advance(3_600_000)
    await ask(world, account.email)
    assert.equal((await outboxOf(world, account.email)).length, 6)
  })

  it('holds a link of the public URL alone, whatever the request says of its host', async () => {
    const account = await world.register()
    const { status } = await world.call('POST', '/password/reset/request/', {
      body: { email: account.email },
      headers: {
        host: 'evil.test',
        'x-forwarded-host': 'evil.test',
        'x-forwarded-proto': 'gopher',
        forwarded: 'host=evil.test;proto=gopher',
      },
    })
    assert.equal(status, 202)
    const { link, token } = await sentProof(world, 'password_reset', account.email)
    assert.equal(link, `http://localhost:8000/account/reset#t=${token}`)
    assert.match(token, /^\d+\.[\w-]{43}$/)
  })
})

describe('a mail to set a new password, where there is no mail', async () => {
  const world = await testWorld()
  it('is answered 404 with mail_not_configured, whatever the body says', async () => {
    for (const body of [{ email: 'somebody@example.com' }, {}]) {
      const answer = await world.call('POST', '/password/reset/request/', { body })
      assert.deepEqual([answer.status, answer.body.code], [404, 'mail_not_configured'])
    }
  })
})

describe('a password that is set anew by mail, of an account with a second factor', async () => {
  const world = await testWorld({ env: { ...withMail, ...unthrottled } })

  it('needs the factor as well, which is used up, and leaves the account as it was without it', async () => {
    const account = await world.register()
    const app = await enrolTotp(world, account)
    await ask(world, account.email)
    const { token } = await sentProof(world, 'password_reset', account.email)
    const none = await reset(world, { token })
    assert.deepEqual([none.status, none.body.code], [401, 'insufficient_user_authentication'])
    const wrong = await reset(world, { token }, { totp: '000000' })
    assert.deepEqual([wrong.status, fieldsOf(wrong)], [401, ['totp']])
    assert.equal((await world.call('GET', '/me/', { token: account.access })).status, 200)

    const totp = app.next()
    assert.equal((await reset(world, { token }, { totp })).status, 204)
    const body = { email: account.email, password: newPassword }
    const step = await world.call('POST', '/login/', { body })
    assert.equal(step.body.next, 'second_factor')
    const used = await world.call('POST', '/login/factor/', { body: { ticket: step.body.ticket, totp } })
    assert.equal(used.status, 401)
  })

  it('takes a recovery code', async () => {
    const account = await world.register()
    const app = await enrolTotp(world, account)
    await ask(world, account.email)
    const { token } = await sentProof(world, 'password_reset', account.email)
    assert.equal((await reset(world, { token }, { recovery: app.recoveryCodes[0]! })).status, 204)
  })

  const withPasskey = async () => {
    const account = await world.register()
    const authenticator = createAuthenticator()
    const { body: options } = await world.call('POST', '/me/factors/passkey/options/', {
      token: account.access,
    })
    const body = { passkey: authenticator.create(options) }
    const made = await world.call('POST', '/me/factors/passkey/', { token: account.access, body })
    assert.equal(made.status, 201, made.text)
    await ask(world, account.email)
    return { account, authenticator, ...(await sentProof(world, 'password_reset', account.email)) }
  }
  const optionsFor = async (proof: Record<string, string>) => {
    const answer = await world.call('POST', '/password/reset/options/', { body: proof })
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  }

  it('takes a passkey of the account, asked for by the link or the code of the mail', async () => {
    for (const by of ['token', 'code'] as const) {
      const { account, authenticator, token, code } = await withPasskey()
      const proof: Record<string, string> = by === 'token' ? { token } : { email: account.email, code }
      const options = await optionsFor(proof)
      assert.deepEqual(
        options.allowCredentials.map(({ id }: { id: string }) => id),
        [authenticator.id],
      )
      const answer = await reset(world, proof, { passkey: authenticator.get(options) })
      assert.equal(answer.status, 204, answer.text)
    }
  })

  it('takes no passkey that answers another challenge, or one that was answered before', async () => {
    const { account, authenticator, token } = await withPasskey()
    const signIn = await world.call('POST', '/login/passkey/options/', { body: {} })
    const other = await withPasskey()
    const used = authenticator.get(await optionsFor({ token }))
    for (const passkey of [
      authenticator.get(signIn.body),
      authenticator.get(await optionsFor({ token: other.token })),
      other.authenticator.get(await optionsFor({ token })),
    ]) {
      const refused = await reset(world, { token }, { passkey })
      assert.deepEqual([refused.status, fieldsOf(refused)], [401, ['passkey']])
    }
    assert.equal((await reset(world, { token }, { passkey: used })).status, 204)
    await ask(world, account.email)
    const next = await sentProof(world, 'password_reset', account.email)
    assert.equal((await reset(world, { token: next.token }, { passkey: used })).status, 401)
  })

  it('gives the options to no proof that does not work', async () => {
    const { token } = await withPasskey()
    const answer = await world.call('POST', '/password/reset/options/', { body: { token: `${token}x` } })
    assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['token']])
  })
})
