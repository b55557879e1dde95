import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { auditActions } from '../../server/src/audit/audit-event.ts'
import { settingOf, settings } from '../../server/src/config/settings.ts'
import { endReasons } from '../../server/src/sessions/session.ts'
import { assertNone } from '../support/assert-none.ts'
import { readSources } from '../support/imports.ts'
import { testWorld } from '../support/world.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const operations = read('docs/operations.md')
const security = read('docs/security.md')

/** From one heading of the second level to the next. */
function section(text: string, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n`)
  assert.ok(after, `there is no heading «${heading}»`)
  return after.split('\n## ')[0]!
}

/** A fact that the documents must state. The words may change, and then so does the pattern here. */
const assertStates = (text: string, fact: RegExp) =>
  assert.match(
    text,
    fact,
    `The documents do not state ${fact} any more. If it is no longer so, mend what this test is about; if it is said in other words, mend the pattern.`,
  )

describe('the documents', () => {
  it('name every way to get a token, and no other', async () => {
    const { server } = await testWorld()
    const givers = server.app.routes
      .filter(({ route }) => JSON.stringify(route.success.schema ?? {}).includes('"refresh"'))
      .map(({ route }) => `${route.method} ${route.path}`)
    const named = [...section(security, 'Ways to sign in').matchAll(/^\| `([A-Z]+ \S+)` \|/gm)]
    assert.ok(givers.length > 0)
    assert.deepEqual(
      named.map(([, call]) => call).toSorted(),
      givers.toSorted(),
      'The routes that give a refresh token are not those of the table in docs/security.md, «Ways to sign in». Add a row, or remove it.',
    )
  })

  it('say how long tokens and sessions live as the settings do, and why', () => {
    const lifetimes = section(operations, 'Lifetimes')
    assert.equal(settingOf.accessTtlSeconds.default, '10m')
    assert.equal(settingOf.sessionTtlSeconds.default, '24h')
    assertStates(lifetimes, /PROPUSK_ACCESS_TTL`, 10 min/)
    assertStates(lifetimes, /PROPUSK_SESSION_TTL`, 24 h/)
    assert.equal(settingOf.sessionIdleSeconds.default, 'off')
    assertStates(lifetimes, /no idle timeout unless `PROPUSK_SESSION_IDLE` is set/)
    assert.equal(settingOf.sessionsPerAccount.default, '1000')
    assertStates(lifetimes, /at most\s+`PROPUSK_SESSIONS_PER_ACCOUNT` \(1000\) live sessions/)
  })

  for (const file of ['docs/settings.md', 'docs/settings.ru.md']) {
    it(`list every setting with its default, in the order of the table: ${file}`, () => {
      const rows = [...read(file).matchAll(/^\| `(PROPUSK_\w+)` \| (.*?) \| (.*) \|$/gm)]
      assert.deepEqual(
        rows.map(([, name]) => name),
        settings.map(({ name }) => name),
        `The rows of ${file} are not the entries of settingOf (server/src/config/settings.ts), in their order. Add, move or remove the row.`,
      )
      // What has no default of its own is described in words.
      const plain = (text: string) => text.replaceAll(/[`.:]/g, '')
      for (const [index, [, name = '', shown = '', sentence = '']] of rows.entries()) {
        const { default: value, meaning } = settings[index]!
        if (value) assert.equal(shown, `\`${value}\``, `${file} shows another default for ${name}`)
        else assert.doesNotMatch(shown, /`/, `${name} has no default: describe it in words`)
        if (file === 'docs/settings.md')
          assert.ok(
            plain(sentence).startsWith(plain(meaning)),
            `the row of ${name} does not begin with its meaning: ${meaning}`,
          )
      }
    })
  }

  it('list the settings that nodes must have in common', () => {
    const common = [...section(operations, 'Several nodes').matchAll(/^- the same (.*)/gm)]
    const named = common.flatMap(([, line]) => line!.match(/PROPUSK_\w+/g) ?? [])
    const declared = settings.filter(setting => setting.isSameOnAllNodes).map(({ name }) => name)
    assert.deepEqual(
      named.toSorted(),
      declared.toSorted(),
      'The list in docs/operations.md, «Several nodes», is not that of the settings marked isSameOnAllNodes. Mend the one that is wrong.',
    )
  })

  it('name every act that the audit knows, and no other', () => {
    const named = [
      ...section(operations, 'Logs').matchAll(
        /^\| (?:accounts|second factors|sessions and tokens|access|guessing|keys|rules of forward-auth|invitations|mail|database) \| (.*) \|$/gm,
      ),
    ]
    const acts = named.flatMap(([, row]) => [...row!.matchAll(/`([\w*.]+)`/g)].map(([, act]) => act!))
    const verbs = ['create', 'update', 'delete']
    const full = acts
      .filter(act => act.includes('.'))
      .flatMap(act => (act.endsWith('.*') ? verbs.map(verb => act.replace('*', verb)) : [act]))
    assert.deepEqual(
      full.toSorted(),
      [...auditActions].toSorted(),
      'The acts of the table in docs/operations.md, «Logs», are not those of `auditActions`. Name the new one in the row of its kind.',
    )
  })

  it('name every reason for which a session ends, and no other, as the API description does', () => {
    const [, table = ''] = section(operations, 'Logs').split('\n| `end_reason` | when |\n')
    const rows = table.split('\n\n')[0]!.matchAll(/^\| `(\w+)` \| .+ \|$/gm)
    assert.deepEqual(
      Array.from(rows, ([, reason]) => reason),
      endReasons,
      'The reasons of the table in docs/operations.md, «Logs», are not `endReasons`. Add the row, or remove it.',
    )
    const { description } = JSON.parse(read('docs/openapi.json')).components.schemas.Session.properties
      .end_reason
    assertNone(
      endReasons.filter(reason => !description.includes(`\`${reason}\``)),
      'The API description of `end_reason` lacks these.',
    )
  })

  it('the documents name every fault that the log can report', () => {
    const logs = section(operations, 'Logs')
    const call = /\blog(?:ger)?\.(?:info|warn|error)\((?:[^'`)]*,)?\s*'([^']{8,})'/g
    const said = readSources('server/src').flatMap(({ code }) =>
      [...code.matchAll(call)].map(([, text]) => text!),
    )
    assert.ok(said.length > 3, `only ${said.length} log messages are found: has the pattern grown old?`)
    assertNone(
      said.filter(message => !logs.includes(message)),
      'These log messages are not in docs/operations.md, «Logs». Add a row: level, message, fields, what to do.',
    )
  })

  it('name each limit, and that of a body, a page, a password and a token with its figure', () => {
    const limits = section(operations, 'Limits')
    for (const figure of [
      /body \| 64 KB/,
      /rows of a page \| 50, at most 200/,
      /password \| 1,024/,
      /token \| 8,192/,
      /hashed at once \| one per core/,
      /connections to PostgreSQL/,
    ]) {
      assertStates(limits, figure)
    }
  })

  it('name each rate limit of a caller with its default, and where it is kept', () => {
    const limits = section(security, 'Rate limits')
    for (const field of [
      'limitRefresh',
      'limitBadRefresh',
      'limitAccessChecks',
      'limitDeniedEvents',
    ] as const) {
      const { name, default: count } = settingOf[field]
      const row = limits.split('\n').find(line => line.startsWith(`| \`${name}\``))
      assert.ok(
        row?.endsWith(`| \`${count}\` |`),
        `docs/security.md, «Rate limits», has no row of ${name} that ends with ${count}`,
      )
      assert.ok(
        section(operations, 'Limits').includes(`\`${name}\``),
        `docs/operations.md, «Limits», does not name ${name}`,
      )
    }
    assertStates(limits, /in the memory of each node/)
  })

  it('the documents say what each stored secret is worth to an attacker, how keys live, and how weaknesses are reported and fixed', () => {
    for (const row of ['password', 'refresh tokens', 'next tokens', 'private signing keys', 'email, names']) {
      assert.ok(
        section(security, 'Cryptography').includes(`| ${row}`),
        `docs/security.md, «Cryptography», has no row of ${row}`,
      )
    }
    assertStates(section(operations, 'Signing keys'), /PROPUSK_KEY_MAX_AGE.*90 days/)
    assertStates(read('SECURITY.md'), /within 30\s+days for what lets someone in/)
    assertStates(read('SECURITY.md'), /dependency with a known critical.*within 7 days/)
  })

  it('list the words that no password here may be', () => {
    const passwords = section(security, 'Passwords')
    for (const word of ['propusk', 'пропуск', 'ghjgecr'])
      assert.ok(passwords.includes(`\`${word}\``), `docs/security.md, «Passwords», does not name ${word}`)
  })

  it('say which facts enter a decision, and that no others do', () => {
    const authorization = read('docs/authorization.md')
    assertStates(authorization, /no time of day, no network, no device/)
    assertStates(authorization, /## Who can write which field/)
  })
})
