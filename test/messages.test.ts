import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { statusOf } from '../server/src/http/index.ts'
import { type MessageKey, rejectionCodes, render } from '../server/src/kernel/index.ts'
import { en } from '../server/src/kernel/messages/en.ts'
import { ru } from '../server/src/kernel/messages/ru.ts'
import { readSources } from './support/imports.ts'
import { testWorld } from './support/world.ts'

const slotsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const keys = Object.keys(en) as MessageKey[]

describe('the sentences of the API', () => {
  it('exist in both languages', () => assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort()))

  it('have the same slots in both languages', () => {
    for (const key of keys) assert.deepEqual(slotsOf(ru[key]), slotsOf(en[key]), key)
  })

  it('are sentences, and Russian ones are Russian', () => {
    for (const key of keys) {
      assert.match(en[key], /^[A-Z].*\S$/, key)
      assert.doesNotMatch(en[key], /[а-яё]/i, key)
      assert.match(ru[key], /^[А-ЯЁ]/, key)
      assert.doesNotMatch(ru[key], / {2}|^\s|\s$/, key)
      if (!key.startsWith('title.')) assert.match(en[key], /[.)_-]$/, key)
    }
  })

  it('name every code, with a title and a detail', () => {
    for (const code of [...rejectionCodes, ...Object.keys(statusOf)]) {
      for (const key of [`title.${code}`, `rejection.${code}`]) assert.ok(Object.hasOwn(en, key), key)
    }
    const named = keys.filter(key => key.startsWith('title.')).map(key => key.slice('title.'.length))
    assert.deepEqual(named.sort(), Object.keys(statusOf).sort())
  })

  it('are each said somewhere', () => {
    const code = readSources('server/src')
      .filter(file => !file.path.startsWith('kernel/messages/'))
      .map(file => file.code)
      .join('\n')
    const bySlot = /^(?:title|rejection)\./
    assert.deepEqual(
      keys.filter(key => !bySlot.test(key) && !code.includes(`'${key}'`)),
      [],
    )
  })

  it('are rendered with their values, and a value is never read as a slot', () => {
    const said = render('ru', { key: 'permission.missing', values: { permission: '{permission}:$&' } })
    assert.ok(said.includes('{permission}:$&'), said)
  })

  it('have two catalogues and no third', () => {
    const files = readdirSync(new URL('../server/src/kernel/messages/', import.meta.url))
    assert.deepEqual(files.filter(name => /^[a-z]{2}\.ts$/.test(name)).sort(), ['en.ts', 'ru.ts'])
  })
})

describe('Accept-Language', async () => {
  const world = await testWorld()
  const person = await world.register()
  const administrator = await world.superuser()
  const taken = { email: person.email, password: person.password, password2: person.password }

  const problems: Readonly<Record<number, readonly [string, string, { token?: string; body?: unknown }]>> = {
    400: ['POST', '/register/', { body: { email: 1, password: 'x' } }],
    401: ['GET', '/me/', {}],
    403: ['GET', '/users/', { token: person.access }],
    404: ['GET', '/users/999999/', { token: administrator.access }],
    405: ['PUT', '/me/', { token: person.access }],
    409: ['POST', '/register/', { body: taken }],
  }

  for (const [status, [method, path, options]] of Object.entries(problems)) {
    const ask = (language: string) =>
      world.call(method, path, { ...options, headers: { 'accept-language': language } })

    it(`ru answers in Russian with ${status}`, async () => {
      const answer = await ask('ru-RU,ru;q=0.9,en;q=0.8')
      assert.equal(answer.status, Number(status))
      assert.equal(answer.headers['content-language'], 'ru')
      assert.match(String(answer.headers.vary), /Accept-Language/i)
      const { title, detail, errors = {} } = answer.body
      const messages: string[] = [title, detail, ...(Object.values(errors).flat() as string[])]
      for (const text of messages) assert.match(text, /[а-яё]{2}/i)
      assert.equal(Object.keys(errors).length > 0, ['400', '409'].includes(status))
    })

    it(`anything else answers in English with ${status}`, async () => {
      for (const language of ['en', 'de', 'ru;q=0.1,en', 'ru;q=x', '*', '']) {
        const answer = await ask(language)
        assert.equal(answer.status, Number(status))
        assert.doesNotMatch(answer.text, /[а-яё]/i, language)
        assert.equal(answer.headers['content-language'], 'en')
      }
    })

    it(`the code and the fields are the same in both languages with ${status}`, async () => {
      const [english, russian] = [(await ask('en')).body, (await ask('ru')).body]
      assert.deepEqual([russian.code, russian.type], [english.code, english.type])
      assert.deepEqual(Object.keys(russian.errors ?? {}), Object.keys(english.errors ?? {}))
    })
  }
})
