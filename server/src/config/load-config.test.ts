import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Value from 'typebox/value'
import { databaseFile } from './addresses.ts'
import { limit } from './kinds.ts'
import { type Config, ConfigError, loadConfig } from './load-config.ts'
import { settingOf, settings } from './settings.ts'

const hexKey = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const key = Buffer.from(hexKey, 'hex')

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    assert(error instanceof ConfigError)
    return error.mistakes
  }
  return []
}

describe('settings that are not set', () => {
  it('have the defaults of the contract', () => {
    assert.deepEqual(loadConfig({}), {
      databaseUrl: 'sqlite:./data/propusk.db',
      masterKey: undefined,
      host: '127.0.0.1',
      port: 8000,
      publicUrl: 'http://localhost:8000',
      audience: 'http://localhost:8000',
      accessTtlSeconds: 600,
      tokenRoles: 'auto',
      sessionTtlSeconds: 86_400,
      sessionIdleSeconds: undefined,
      keyAlgorithm: 'ES256',
      keyMaxAgeSeconds: 7_776_000,
      staffFactor: 'optional',
      registration: 'open',
      loginCode: 'off',
      rememberDeviceDays: undefined,
      passwordMinLength: 8,
      attemptsPerAccount: 5,
      attemptsPerAddress: 30,
      attemptsPerPassword: 20,
      attemptMaxWaitSeconds: 900,
      limitRegistration: { count: 1000, perSeconds: 3600 },
      limitPasswordChange: { count: 30, perSeconds: 3600 },
      limitMail: { count: 5, perSeconds: 3600 },
      limitMailNetwork: { count: 60, perSeconds: 3600 },
      limitMailTotal: { count: 1000, perSeconds: 3600 },
      limitCodes: { count: 60, perSeconds: 600 },
      sessionsPerAccount: 1000,
      limitRefresh: { count: 30_000, perSeconds: 60 },
      limitBadRefresh: { count: 600, perSeconds: 60 },
      limitAccessChecks: { count: 1_200_000, perSeconds: 60 },
      limitDeniedEvents: { count: 60, perSeconds: 60 },
      keepSessionsSeconds: 7_776_000,
      keepOriginsSeconds: 2_592_000,
      keepAuditSeconds: undefined,
      trustProxy: false,
      forwardCookieDomain: undefined,
      corsOrigins: [],
      refreshAsBearer: false,
      mailUrl: undefined,
      mailFrom: undefined,
      mailLocale: 'en',
      mailTemplates: undefined,
      brandName: 'Propusk',
      brandLogo: undefined,
      brandColor: undefined,
      docs: 'on',
      metrics: 'loopback',
      logLevel: 'info',
      warnings: [],
    } satisfies Config)
  })

  it('take the audience from the public URL that was given', () => {
    const config = loadConfig({ PROPUSK_PUBLIC_URL: 'https://auth.example.org/' })
    assert.equal(config.audience, 'https://auth.example.org')
  })
})

const accepted: [name: string, value: string, field: keyof Config, expected: unknown][] = [
  ['PROPUSK_GUESSES_PER_ACCOUNT', 'off', 'attemptsPerAccount', undefined],
  ['PROPUSK_GUESSES_PER_ADDRESS', '1000000', 'attemptsPerAddress', 1_000_000],
  ['PROPUSK_GUESS_MAX_WAIT', '24h', 'attemptMaxWaitSeconds', 86_400],
  ['PROPUSK_DATABASE_URL', 'sqlite::memory:', 'databaseUrl', 'sqlite::memory:'],
  ['PROPUSK_DATABASE_URL', 'sqlite:/var/lib/propusk.db', 'databaseUrl', 'sqlite:/var/lib/propusk.db'],
  ['PROPUSK_DATABASE_URL', 'sqlite:./с пробелом.db', 'databaseUrl', 'sqlite:./с пробелом.db'],
  ['PROPUSK_HOST', '0.0.0.0', 'host', '0.0.0.0'],
  ['PROPUSK_HOST', '::1', 'host', '::1'],
  ['PROPUSK_HOST', 'auth-1.example.org', 'host', 'auth-1.example.org'],
  ['PROPUSK_PORT', '0', 'port', 0],
  ['PROPUSK_PORT', '65535', 'port', 65_535],
  ['PROPUSK_PUBLIC_URL', 'https://auth.example.org/', 'publicUrl', 'https://auth.example.org'],
  ['PROPUSK_PUBLIC_URL', 'HTTPS://Auth.Example.org:443/sso//', 'publicUrl', 'https://auth.example.org/sso'],
  ['PROPUSK_PUBLIC_URL', 'http://[::1]:8000', 'publicUrl', 'http://[::1]:8000'],
  ['PROPUSK_ACCESS_TTL', '1s', 'accessTtlSeconds', 1],
  ['PROPUSK_ACCESS_TTL', '24h', 'accessTtlSeconds', 86_400],
  ['PROPUSK_ACCESS_TTL', '30d', 'accessTtlSeconds', 2_592_000],
  ['PROPUSK_SESSION_TTL', '400d', 'sessionTtlSeconds', 34_560_000],
  ['PROPUSK_SESSION_TTL', '10m', 'sessionTtlSeconds', 600],
  ['PROPUSK_KEY_MAX_AGE', '7d', 'keyMaxAgeSeconds', 604_800],
  ['PROPUSK_KEY_ALGORITHM', 'EdDSA', 'keyAlgorithm', 'EdDSA'],
  ['PROPUSK_TRUST_PROXY', 'false', 'trustProxy', false],
  ['PROPUSK_TRUST_PROXY', '10.0.0.0/8, ::1', 'trustProxy', ['10.0.0.0/8', '::1']],
  ['PROPUSK_TRUST_PROXY', 'fd00::/8,127.0.0.1', 'trustProxy', ['fd00::/8', '127.0.0.1']],
  ['PROPUSK_TRUST_PROXY', '::ffff:10.0.0.0/104', 'trustProxy', ['::ffff:10.0.0.0/104']],
  ['PROPUSK_FORWARD_COOKIE_DOMAIN', 'off', 'forwardCookieDomain', undefined],
  ['PROPUSK_CORS_ORIGINS', '', 'corsOrigins', []],
  [
    'PROPUSK_CORS_ORIGINS',
    'https://a.example,http://localhost:5173',
    'corsOrigins',
    ['https://a.example', 'http://localhost:5173'],
  ],
  ['PROPUSK_CORS_ORIGINS', 'https://a.example,https://a.example', 'corsOrigins', ['https://a.example']],
  ['PROPUSK_AUDIENCE', 'billing', 'audience', 'billing'],
  ['PROPUSK_AUDIENCE', 'urn:example:api', 'audience', 'urn:example:api'],
  ['PROPUSK_REFRESH_AS_BEARER', 'true', 'refreshAsBearer', true],
  ['PROPUSK_REGISTRATION', 'closed', 'registration', 'closed'],
  ['PROPUSK_STAFF_FACTOR', 'required', 'staffFactor', 'required'],
  ['PROPUSK_METRICS', 'off', 'metrics', 'off'],
  ['PROPUSK_DOCS', 'staff', 'docs', 'staff'],
  ['PROPUSK_PASSWORD_MIN_LENGTH', '1024', 'passwordMinLength', 1024],
  ['PROPUSK_LOG_LEVEL', 'silent', 'logLevel', 'silent'],
  ['PROPUSK_MASTER_KEY', hexKey, 'masterKey', new Uint8Array(key)],
  ['PROPUSK_MASTER_KEY', hexKey.toUpperCase(), 'masterKey', new Uint8Array(key)],
  ['PROPUSK_MASTER_KEY', key.toString('base64'), 'masterKey', new Uint8Array(key)],
  ['PROPUSK_MASTER_KEY', key.toString('base64url'), 'masterKey', new Uint8Array(key)],
]

describe('a setting that is right', () => {
  for (const [name, value, field, expected] of accepted) {
    it(`${name}=${value} is taken`, () => assert.deepEqual(loadConfig({ [name]: value })[field], expected))
  }

  for (const url of [
    'postgres://propusk:p%40ss@db:5432/propusk',
    'postgresql://propusk@db/propusk?sslmode=verify-full',
    'postgres:///propusk?host=/run/postgresql',
    'postgres://propusk:p%40ss@db-1:5432,db-2,[::1]:5433/propusk?target_session_attrs=read-write',
    'postgres://propusk@db/propusk?target_session_attrs=primary',
  ]) {
    it(`PROPUSK_DATABASE_URL=${url} is taken together with a master key`, () => {
      const config = loadConfig({ PROPUSK_DATABASE_URL: url, PROPUSK_MASTER_KEY: hexKey })
      assert.equal(config.databaseUrl, url)
    })
  }
})

const refused: [name: string, ...values: string[]][] = [
  [
    'PROPUSK_HOST',
    '*',
    '[::1]',
    '127.1',
    '300.1.1.1',
    '010.0.0.1',
    'local host',
    'a..b',
    '-a',
    'http://localhost',
    'localhost:80',
    'a'.repeat(64),
  ],
  ['PROPUSK_PORT', '-1', '65536', '80a', ' 80', '1e3', '0x50', '080', '80.0', '+80', '٨٠'],
  [
    'PROPUSK_PUBLIC_URL',
    'localhost:8000',
    'ftp://a.example',
    'http:a.example',
    'http:///a',
    'https://a.example?x',
    'https://a.example#',
    'https://a.example\\b',
    'https://a example',
    `https://${'a'.repeat(60)}.example/${'b'.repeat(200)}`,
  ],
  [
    'PROPUSK_ACCESS_TTL',
    '600',
    '0s',
    '401d',
    '500ms',
    '1.5h',
    '10 m',
    '10M',
    '-1s',
    '1h30m',
    '010m',
    '999999999999d',
    'Infinity',
  ],
  ['PROPUSK_SESSION_TTL', '401d', '0s', '24', '1w'],
  ['PROPUSK_KEY_MAX_AGE', '59m', '401d', 'never'],
  ['PROPUSK_KEY_ALGORITHM', 'HS256', 'es256', 'none', 'RS256'],
  [
    'PROPUSK_TRUST_PROXY',
    'true',
    'loopback',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    '0.0.0.0/0',
    '::/0',
    '::ffff:0:0/96',
    '10.0.0.0/08/1',
    '10.0.0.0/',
    '10.0.0.1,',
    'proxy.example',
    'fe80::1%eth0',
    '10.0.0.0/-1',
    '1',
  ],
  [
    'PROPUSK_FORWARD_COOKIE_DOMAIN',
    'com',
    'localhost',
    '.example.org',
    'example.org.',
    'Example.org',
    '192.0.2.1',
    'пример.рф',
    'https://example.org',
    'example.org:443',
    'a..org',
    '*.example.org',
  ],
  [
    'PROPUSK_CORS_ORIGINS',
    '*',
    'null',
    'https://a.example/',
    'https://a.example/x',
    'https://A.example',
    'https://a.example:443',
    'a.example',
    'https://*.example',
    'ftp://a.example',
    'https://a.example,',
    'https://пример.рф',
    'file://',
    'https://a.example *',
  ],
  ['PROPUSK_AUDIENCE', 'a b', '1:', '://x', 'a'.repeat(256)],
  ['PROPUSK_REFRESH_AS_BEARER', 'yes', '1', 'TRUE', 'on'],
  ['PROPUSK_REGISTRATION', 'true', 'Open'],
  ['PROPUSK_METRICS', 'true', 'staff'],
  ['PROPUSK_DOCS', 'true', 'loopback'],
  ['PROPUSK_GUESSES_PER_ACCOUNT', '0', '1000001', 'none', '1e2'],
  ['PROPUSK_GUESS_MAX_WAIT', '0s', '25h', 'off'],
  ['PROPUSK_LIMIT_REGISTRATION', '20', '20/'],
  ['PROPUSK_SESSIONS_PER_ACCOUNT', '0', '100001', 'off'],
  ['PROPUSK_LIMIT_REFRESH', '600', '600/0s', '0/1m', '600/60', 'none'],
  ['PROPUSK_PASSWORD_MIN_LENGTH', '7', '1025', '8.5', '1e2'],
  ['PROPUSK_LOG_LEVEL', 'warning', 'INFO', 'verbose'],
]

describe('a setting that is wrong', () => {
  for (const [name, ...values] of refused) {
    for (const value of values) {
      it(`${name}=${value} stops the start with one line that names it and gives an example`, () => {
        const mistakes = mistakesOf({ [name]: value })
        assert.equal(mistakes.length, 1)
        assert(mistakes[0]?.startsWith(`${name} is wrong: `))
        assert.match(mistakes[0] ?? '', new RegExp(`Example: ${name}=.`))
        assert.doesNotMatch(mistakes[0] ?? '', /[\n\r]/)
      })
    }
  }

  for (const { name, mayBeEmpty } of settings) {
    if (mayBeEmpty) continue
    it(`${name} set to nothing is a mistake, not the default`, () => {
      assert.match(mistakesOf({ [name]: '' })[0] ?? '', new RegExp(`^${name} is set but empty`))
    })
  }

  it('is reported together with all the others', () => {
    const mistakes = mistakesOf({
      PROPUSK_PORT: 'x',
      PROPUSK_HOST: '*',
      PROPUSK_ACCESS_TTL: '1',
      PROPUSK_DOCS: '',
    })
    assert.deepEqual(mistakes.map(line => line.split(' ')[0]).sort(), [
      'PROPUSK_ACCESS_TTL',
      'PROPUSK_DOCS',
      'PROPUSK_HOST',
      'PROPUSK_PORT',
    ])
  })

  it('cannot break its line or drive the terminal', () => {
    const [line = ''] = mistakesOf({ PROPUSK_PORT: '80\n{"level":"info"}\u001b[2J\u009b\u2028\u202e' })
    assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\u202e]/u)
  })

  it('is cut when it is long', () => {
    assert((mistakesOf({ PROPUSK_PORT: '9'.repeat(100_000) })[0] ?? '').length < 300)
  })
})

describe('settings that do not go together', () => {
  it('a session may be shorter than an access token, which then ends with it', () => {
    assert.equal(loadConfig({ PROPUSK_ACCESS_TTL: '2h', PROPUSK_SESSION_TTL: '1h' }).sessionTtlSeconds, 3600)
  })

  it('a session as long as an access token is taken', () => {
    assert.equal(loadConfig({ PROPUSK_ACCESS_TTL: '1h', PROPUSK_SESSION_TTL: '60m' }).sessionTtlSeconds, 3600)
  })

  it('a cookie for a domain is taken where the public URL is https and within it', () => {
    const configOf = (PROPUSK_PUBLIC_URL: string) =>
      loadConfig({ PROPUSK_PUBLIC_URL, PROPUSK_FORWARD_COOKIE_DOMAIN: 'example.org' })
    for (const url of [
      'https://auth.example.org',
      'https://example.org/id',
      'https://a.b.example.org:8443',
    ]) {
      assert.equal(configOf(url).forwardCookieDomain, 'example.org', url)
    }
    for (const url of [
      'http://auth.example.org',
      'https://auth.example.com',
      'https://badexample.org',
      'https://example.org.evil.net',
    ]) {
      const refused = (error: unknown) =>
        /^PROPUSK_FORWARD_COOKIE_DOMAIN is wrong: PROPUSK_PUBLIC_URL \(.*\) must be an https:\/\/ address within example\.org/.test(
          (error as Error).message,
        )
      assert.throws(() => configOf(url), refused, url)
    }
  })

  it('PostgreSQL without a master key is refused', () => {
    const mistakes = mistakesOf({ PROPUSK_DATABASE_URL: 'postgres://u:p@db/propusk' })
    assert.equal(mistakes.length, 1)
    assert.match(mistakes[0] ?? '', /^PROPUSK_MASTER_KEY is missing/)
  })

  it('a faulty master key is reported once, as faulty', () => {
    const env = { PROPUSK_DATABASE_URL: 'postgres://u:p@db/propusk', PROPUSK_MASTER_KEY: 'short' }
    assert.equal(mistakesOf(env).length, 1)
  })
})

describe('a secret', () => {
  const databaseUrls = [
    'postgres://propusk:S3cret#x@db/propusk',
    'postgres://propusk:S3cret/x@db/propusk',
    'postgres://propusk:S3cret%zz@db/propusk',
    'postgres://propusk:S3cret@db',
    'postgres://propusk:S3cret@db/',
    'postgres://propusk:S3cret@db/a/b',
    'postgres://propusk:S3cret@/propusk',
    'postgres://propusk:S3cret @db/propusk',
    'postgres://propusk:S3cret@db:99999/propusk',
    'postgres://propusk:S3cret@db-1,/propusk',
    'postgres://propusk:S3cret@db-1,db-2:99999/propusk',
    'postgres://propusk:S3cret@db-1,db-2/propusk?host=/run/postgresql',
    'postgres://propusk:S3cret@/propusk?host=db-1,db-2',
    'postgres://propusk:S3cret@db-1,db-2/propusk?target_session_attrs=any',
    'mysql://propusk:S3cret@db/propusk',
    'S3cret',
    'sqlite://S3cret',
    'sqlite:///S3cret',
    'sqlite:',
    'sqlite::S3cret:',
    'sqlite:a?S3cret',
    'sqlite:S3cret\n',
  ]
  const keys = [
    `S3cret`,
    `S3cret${'='.repeat(20)}`,
    `${hexKey}00`,
    hexKey.slice(1),
    ` ${hexKey}`,
    `${key.toString('base64')}\n`,
    `${key.toString('base64url').slice(0, -1)}9`,
    `${'+-'.repeat(21)}A`,
  ]
  for (const value of databaseUrls) {
    it(`the rejection of the database URL ${JSON.stringify(value)} does not contain its secret`, () => {
      const mistakes = mistakesOf({ PROPUSK_DATABASE_URL: value, PROPUSK_MASTER_KEY: hexKey })
      assert.equal(mistakes.length, 1)
      assert.match(mistakes[0] ?? '', /^PROPUSK_DATABASE_URL is wrong: /)
      assert.doesNotMatch(mistakes[0] ?? '', /S3cret/)
    })
  }
  for (const value of keys) {
    it(`the rejection of the master key ${JSON.stringify(value)} does not contain it`, () => {
      const mistakes = mistakesOf({ PROPUSK_MASTER_KEY: value })
      assert.equal(mistakes.length, 1)
      assert.match(mistakes[0] ?? '', /^PROPUSK_MASTER_KEY is wrong: /)
      assert(!mistakes[0]?.includes(value.trim().slice(0, 6)))
    })
  }
  for (const name of ['PROPUSK_PUBLIC_URL', 'PROPUSK_CORS_ORIGINS']) {
    it(`the rejection of ${name} does not contain the password in it`, () => {
      const mistakes = mistakesOf({ [name]: 'https://user:S3cret@a.example' })
      assert.equal(mistakes.length, 1)
      assert.doesNotMatch(mistakes[0] ?? '', /S3cret/)
    })
  }
})

describe('warnings', () => {
  const one = (env: Record<string, string>): string => {
    const { warnings } = loadConfig(env)
    assert.equal(warnings.length, 1)
    return warnings[0] ?? ''
  }

  it('an unknown name gets a suggestion and does not stop the start', () => {
    assert.match(one({ PROPUSK_PROT: '80' }), /^PROPUSK_PROT is not a setting.*Did you mean PROPUSK_PORT\?$/)
    assert.match(one({ propusk_port: '80' }), /Did you mean PROPUSK_PORT\?$/)
  })

  it('an unknown name that resembles none gets no suggestion, and its value is not shown', () => {
    const line = one({ PROPUSK_BANANA: 'S3cret' })
    assert.doesNotMatch(line, /Did you mean|S3cret/)
  })

  it('names of the tests and of other programs are left alone', () => {
    const env = {
      PROPUSK_TEST_POSTGRES_URL: 'x',
      PATH: '/bin',
      MY_PROPUSK_PORT: '1',
      PROPUSK_GONE: undefined,
    }
    assert.deepEqual(loadConfig(env).warnings, [])
  })

  it('a refresh token as bearer is warned about', () => {
    assert.match(one({ PROPUSK_REFRESH_AS_BEARER: 'true' }), /^PROPUSK_REFRESH_AS_BEARER=true/)
  })

  it('http to another machine is warned about, to this one or by https it is not', () => {
    assert.match(one({ PROPUSK_PUBLIC_URL: 'http://auth.example.org' }), /^PROPUSK_PUBLIC_URL is an http/)
    assert.match(
      one({ PROPUSK_PUBLIC_URL: 'http://127.0.0.1.example.org' }),
      /^PROPUSK_PUBLIC_URL is an http/,
    )
    assert.match(
      one({ PROPUSK_PUBLIC_URL: 'http://localhost.example.org' }),
      /^PROPUSK_PUBLIC_URL is an http/,
    )
    for (const url of [
      'http://127.0.0.2:80',
      'http://[::1]',
      'http://app.localhost',
      'https://auth.example.org',
    ]) {
      assert.deepEqual(loadConfig({ PROPUSK_PUBLIC_URL: url }).warnings, [])
    }
  })

  it('a master key that was typed by hand is warned about without being shown', () => {
    assert.doesNotMatch(one({ PROPUSK_MASTER_KEY: 'ab'.repeat(32) }), /abab/)
  })
})

describe('the config', () => {
  it('cannot be changed', () => {
    const config = loadConfig({ PROPUSK_TRUST_PROXY: '10.0.0.1', PROPUSK_CORS_ORIGINS: 'https://a.example' })
    for (const part of [config, config.corsOrigins, config.trustProxy, config.warnings])
      assert(Object.isFrozen(part))
  })

  it('has one setting for every field, each described', () => {
    assert.equal(new Set(settings.map(setting => setting.name)).size, settings.length)
    for (const setting of settings) assert(setting.meaning.endsWith('.') && setting.unit !== '')
  })

  it('holds what the schema of each setting says, whether it is a default or an example', () => {
    for (const { name, schema, parse, default: standard, example } of settings) {
      for (const text of [standard, example]) {
        const parsed = parse(text ?? '')
        if ('value' in parsed) assert.ok(Value.Check(schema, parsed.value), `${name}=${text}`)
      }
    }
    assert.equal(Value.Check(settingOf.port.schema, 65_536), false)
    assert.equal(Value.Check(settingOf.docs.schema, 'loopback'), false)
  })

  it('is written as it is read', () => {
    for (const { name, isSecret, parse, show, default: standard, example } of settings) {
      if (isSecret) continue
      for (const text of [standard ?? example, example]) {
        const parsed = parse(text)
        assert.ok('value' in parsed, name)
        assert.deepEqual(parse(show(parsed.value)), parsed, name)
      }
    }
  })

  it('the example of every setting is accepted, but no example is a usable key', () => {
    for (const { name, example, parse } of settings) {
      assert.equal('fault' in parse(example), name === 'PROPUSK_MASTER_KEY', name)
    }
  })
})

describe('a limit', () => {
  it('is a count in a duration', () => {
    assert.deepEqual(limit.parse('600/1m'), { value: { count: 600, perSeconds: 60 } })
    assert.deepEqual(limit.parse('1/30d'), { value: { count: 1, perSeconds: 2_592_000 } })
    assert.deepEqual(limit.parse('100000000/1s'), { value: { count: 100_000_000, perSeconds: 1 } })
  })

  it('is none at all when it is off', () => assert.deepEqual(limit.parse('off'), { value: undefined }))

  for (const text of [
    '600',
    '600/',
    '/1m',
    '0/1m',
    '-1/1m',
    '1e3/1m',
    '600/0s',
    '600/31d',
    '600/60',
    '600/1m/1m',
    ' 600/1m',
    'OFF',
    '100000001/1s',
    '600 / 1m',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert('fault' in limit.parse(text)))
  }
})

it('only SQLite on disk has a database file', () => {
  assert.equal(databaseFile('sqlite:./data/propusk.db'), './data/propusk.db')
  assert.equal(databaseFile('sqlite::memory:'), undefined)
  assert.equal(databaseFile('postgres://u@db/propusk'), undefined)
})
