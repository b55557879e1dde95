import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadConfig, type ShownSetting, settings, showSettings } from './index.ts'

const shown = (env: Record<string, string>) =>
  new Map(showSettings(loadConfig(env)).map(setting => [setting.name, setting]))

const settingIn = (env: Record<string, string>, name: string): ShownSetting => shown(env).get(name)!

describe('the settings that are shown', () => {
  it('are all that there are, each with its meaning', () => {
    const all = showSettings(loadConfig({}))
    assert.deepEqual(
      all.map(({ name, meaning }) => [name, meaning]),
      settings.map(({ name, meaning }) => [name, meaning]),
    )
  })

  it('settings are shown at their defaults, as the documents write them, when none is set', () => {
    for (const { name, value, default: standard, isDefault } of shown({}).values()) {
      assert.equal(isDefault, true, name)
      if (name !== 'PROPUSK_AUDIENCE') assert.equal(value, standard, name)
    }
  })

  const key = Buffer.alloc(32, 9).toString('base64')
  it('never hold a secret: only whether it is set', () => {
    const { value, isSecret, isDefault } = settingIn({ PROPUSK_MASTER_KEY: key }, 'PROPUSK_MASTER_KEY')
    assert.deepEqual([value, isSecret, isDefault], ['***', true, false])
    assert.equal(settingIn({}, 'PROPUSK_MASTER_KEY').value, null)
    const everything = JSON.stringify(showSettings(loadConfig({ PROPUSK_MASTER_KEY: key })))
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      assert.ok(!everything.includes(Buffer.alloc(32, 9).toString(form)))
    }
  })

  it('are marked as secret when their name speaks of one', () => {
    for (const { name, isSecret } of settings) {
      if (/(?:KEY|SECRET|TOKEN|PASSWORD)$/.test(name) && name !== 'PROPUSK_GUESSES_PER_PASSWORD') {
        assert.equal(isSecret ?? name.startsWith('PROPUSK_LIMIT_'), true, name)
      }
    }
  })

  for (const [url, seen] of [
    ['postgres://me:s3cret@db.example.org:5433/name', 'postgres://me:***@db.example.org:5433/name'],
    ['postgres://me@db.example.org/name', 'postgres://me@db.example.org/name'],
    [
      'postgresql://me:p%40ss@db.example.org/name?sslmode=require',
      'postgresql://me:***@db.example.org/name?sslmode=require',
    ],
    [
      'postgres://db.example.org/name?user=me&password=s3cret',
      'postgres://db.example.org/name?user=me&password=***',
    ],
    [
      'postgres:///name?host=/run/postgresql&password=s3cret',
      'postgres:///name?host=%2Frun%2Fpostgresql&password=***',
    ],
    [
      'postgres://propusk:S3cret@db-1:5432,db-2/propusk?target_session_attrs=read-write',
      'postgres://propusk:***@db-1:5432,db-2/propusk?target_session_attrs=read-write',
    ],
    [
      'postgres://propusk@db-1,db-2/propusk?password=S3cret',
      'postgres://propusk@db-1,db-2/propusk?password=***',
    ],
    ['sqlite:/var/lib/propusk.db', 'sqlite:/var/lib/propusk.db'],
  ] as const) {
    it(`show ${seen} without a password`, () => {
      const env = { PROPUSK_DATABASE_URL: url, PROPUSK_MASTER_KEY: key }
      const { value, isDefault } = settingIn(env, 'PROPUSK_DATABASE_URL')
      assert.equal(value, seen)
      assert.equal(isDefault, false)
    })
  }

  for (const [name, given, value] of [
    ['PROPUSK_ACCESS_TTL', '90s', '90s'],
    ['PROPUSK_ACCESS_TTL', '3600s', '1h'],
    ['PROPUSK_SESSION_TTL', '36h', '36h'],
    ['PROPUSK_LIMIT_REFRESH', '600/60s', '600/1m'],
    ['PROPUSK_LIMIT_REFRESH', 'off', 'off'],
    ['PROPUSK_GUESSES_PER_ACCOUNT', 'off', 'off'],
    ['PROPUSK_PORT', '0', '0'],
    ['PROPUSK_TRUST_PROXY', '10.0.0.0/8, 127.0.0.1', '10.0.0.0/8,127.0.0.1'],
    [
      'PROPUSK_CORS_ORIGINS',
      'https://a.example.org,https://b.example.org',
      'https://a.example.org,https://b.example.org',
    ],
    ['PROPUSK_REFRESH_AS_BEARER', 'true', 'true'],
    ['PROPUSK_AUDIENCE', 'https://api.example.org', 'https://api.example.org'],
  ] as const) {
    it(`show ${name}=${given} as ${value}`, () => {
      const { isDefault, ...setting } = settingIn({ [name]: given }, name)
      assert.equal(setting.value, value)
      assert.equal(isDefault, false)
    })
  }

  it('know a default that is spelt out, and one that follows another setting', () => {
    assert.equal(settingIn({ PROPUSK_SESSION_TTL: '1d' }, 'PROPUSK_SESSION_TTL').isDefault, true)
    const publicUrl = 'https://auth.example.org'
    const audience = settingIn({ PROPUSK_PUBLIC_URL: publicUrl }, 'PROPUSK_AUDIENCE')
    assert.deepEqual([audience.value, audience.default, audience.isDefault], [publicUrl, null, true])
  })
})
