import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import type { MailId } from '../kernel/index.ts'
import { loadTemplates, namesOfKind, TemplateFaults } from './load-templates.ts'
import { type KnownMail, type MailKind, mailKinds, noticeEvents } from './mail.ts'
import { readableOn } from './mail-page.ts'
import { type RenderDeps, renderMail } from './render-mail.ts'

const nowMs = Date.UTC(2026, 10, 30, 8)
const link = 'https://auth.example.org/account/reset#t=7.abc_-DEF'
const proof = { link, code: '01234567', expiresAtMs: nowMs + 3_600_000 }

const deps: RenderDeps = {
  templates: loadTemplates(undefined),
  brand: { name: 'Acme', color: undefined },
  defaultLocale: 'en',
  publicUrl: 'https://auth.example.org',
}

const mailOf = (kind: MailKind, change: Partial<KnownMail> = {}): KnownMail => ({
  id: 5 as MailId,
  kind,
  locale: 'en',
  toEmail: 'anna@example.com',
  userId: null,
  proofId: 7,
  details: { event: 'new_device', device: 'Firefox, Windows', network: '203.0.113.24', at: nowMs },
  createdAtMs: nowMs,
  attempts: 0,
  nextAttemptAtMs: nowMs,
  state: 'pending',
  finishedAtMs: null,
  lastError: null,
  ...change,
})

const render = (mail: KnownMail, change: Partial<RenderDeps> = {}) =>
  renderMail({ ...deps, ...change }, mail, proof, nowMs)

describe('every mail', () => {
  for (const kind of mailKinds) {
    for (const locale of ['en', 'ru'] as const) {
      it(`${kind} in ${locale} has its link on a line of its own, with the code on the next, and the same in HTML`, () => {
        const { text, html, subject } = render(mailOf(kind, { locale }))
        const lines = text.split('\n')
        const names: readonly string[] = namesOfKind[kind]
        const hasLink = names.includes('link')
        assert.equal(lines.includes(link), hasLink)
        assert.equal(html.includes(`<a href="${link}" `), hasLink)
        assert.equal(lines.includes(proof.code), names.includes('code'))
        if (hasLink && names.includes('code'))
          assert.equal(lines.indexOf(proof.code), lines.indexOf(link) + 1)
        assert.ok(subject.includes('Acme'))
        assert.doesNotMatch(text + subject, /\{|\}|undefined|null|\n\n\n/)
        assert.doesNotMatch(html, /<img|<script|src=|url\(|<link|@import/)
        assert.equal(/[А-я]/.test(text), locale === 'ru')
        assert.match(html, new RegExp(`<html lang="${locale}">`))
      })
    }
  }

  it('security_notice says each event in its own words', () => {
    for (const locale of ['en', 'ru'] as const) {
      const texts = noticeEvents.map(
        event => render(mailOf('security_notice', { locale, details: { event, at: nowMs } })).subject,
      )
      assert.equal(new Set(texts).size, noticeEvents.length)
      assert.ok(texts.every(text => text.length > 'Acme: '.length + 10))
    }
  })

  it('says how long it works: 1 hour, 10 minutes, 7 days', () => {
    const textFor = (minutes: number, locale: 'en' | 'ru' = 'en') =>
      renderMail(
        deps,
        mailOf('login_code', { locale }),
        { ...proof, expiresAtMs: nowMs + minutes * 60_000 - 500 },
        nowMs,
      ).text
    assert.match(textFor(60), /for 1 hour\./)
    assert.match(textFor(10), /for 10 minutes\./)
    assert.match(textFor(7 * 1440), /for 7 days\./)
    assert.match(textFor(10, 'ru'), /: 10 минут\./)
  })

  it('escapes what it was given, keeps it on one line, and knows no template in it', () => {
    const evil = '</p><img src=x onerror=alert(1)>\r\nBcc: evil@example.net\n\n{{link}} {{{code}}} & "quoted"'
    const details = { event: 'new_device', device: evil, network: "203.0.113.24'\u2028x", at: nowMs }
    const { html, text, subject } = render(mailOf('security_notice', { details }), {
      brand: { name: '<b>&"Acme', color: undefined },
    })
    assert.doesNotMatch(html, /<img|<b>|onerror=alert\(1\)>/)
    assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;'))
    assert.ok(html.includes('{{link}} {{{code}}} &amp; &quot;quoted&quot;'))
    assert.ok(!text.split('\n').some(line => line.startsWith('Bcc:')))
    assert.ok(!subject.includes('\n'))
    assert.doesNotMatch(text, /&amp;|&lt;/)
  })

  it('leads to the page of a reset, built of the public URL alone, where there is no proof', () => {
    const { text } = renderMail(deps, mailOf('address_taken'), undefined, nowMs)
    assert.ok(text.split('\n').includes('https://auth.example.org/account/reset'))
  })

  it('has buttons that can be read in every colour', () => {
    assert.equal(readableOn('#ffffff'), '#000000')
    assert.equal(readableOn('#ffff00'), '#000000')
    assert.equal(readableOn('#000000'), '#ffffff')
    assert.equal(readableOn('#0a5cbf'), '#ffffff')
    const { html } = render(mailOf('invitation'), { brand: { name: 'Acme', color: '#ffff00' } })
    assert.match(html, /background:#ffff00;color:#000000/)
  })
})

describe('files of templates', () => {
  const directoryOf = (files: Readonly<Record<string, string | Uint8Array>>): string => {
    const directory = mkdtempSync(join(tmpdir(), 'propusk-mail-'))
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), content)
    }
    return directory
  }
  const faultsOf = (files: Readonly<Record<string, string | Uint8Array>>): readonly string[] => {
    try {
      loadTemplates(directoryOf(files))
    } catch (error) {
      assert.ok(error instanceof TemplateFaults)
      return error.faults
    }
    return []
  }

  it('replace the texts that they are of, and no others', () => {
    const source =
      'Subject: Hello from {{brand}}\r\nButton: Go\r\n\r\nDear <user> & co\r\n\r\n{{link}}\r\n{{code}}\r\n'
    const templates = loadTemplates(directoryOf({ 'en/password_reset.txt': source, '.DS_Store': 'x' }))
    const { subject, text, html } = render(mailOf('password_reset'), { templates })
    assert.equal(subject, 'Hello from Acme')
    assert.equal(text, `Dear <user> & co\n\n${link}\n01234567\n`)
    assert.ok(html.includes('Dear &lt;user&gt; &amp; co'))
    assert.ok(html.includes('>Go</a>'))
    assert.equal(render(mailOf('invitation'), { templates }).text, render(mailOf('invitation')).text)
  })

  it('are refused with all their faults at once', () => {
    const body = '{{link}}\n{{code}}'
    const faults = faultsOf({
      'en/password_reset.txt': `Subject: x\n\nDear {{name}} ${body}`,
      'en/invitation.txt': 'Dear user',
      'en/email_verify.txt': 'Subject: x\n\n{{link}}\n\n{{code}}',
      'ru/email_change.txt': `Subject: x\n\n{{{link}}}\n{{code}}`,
      'ru/login_code.txt': 'Subject: x\n\n{{#code}} {{code}}',
      'ru/address_taken.txt': new Uint8Array([0xff, 0xfe, 0xff]),
      'de/password_reset.txt': 'x',
      'password_reset.txt': 'x',
    })
    for (const [path, fault] of [
      ['en/password_reset.txt', /\{\{name\}\} is not known/],
      ['en/password_reset.txt', /\{\{link\}\} does not stand on a line of its own/],
      ['en/invitation.txt', /Subject/],
      ['en/email_verify.txt', /does not stand on the line below/],
      ['ru/email_change.txt', /is not allowed/],
      ['ru/login_code.txt', /Unclosed section/],
      ['ru/address_taken.txt', /UTF-8/],
      ['de/password_reset.txt', /no mail of this name/],
      ['password_reset.txt', /no mail of this name/],
    ] as const) {
      assert.ok(
        faults.some(each => each.startsWith(`${path}: `) && fault.test(each)),
        `${path} ${fault}\n${faults.join('\n')}`,
      )
    }
  })

  it('are refused where the directory is not there', () => {
    assert.throws(() => loadTemplates('/nowhere/at/all'), /cannot be read \(ENOENT\)/)
  })
})
