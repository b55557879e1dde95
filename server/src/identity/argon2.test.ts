import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { describe, it } from 'node:test'
import * as library from '@node-rs/argon2'
import {
  type Argon2Parameters,
  argon2OfLibrary,
  argon2OfNode,
  chooseArgon2,
  isArgon2Native,
} from './password-hash.ts'

const native = argon2OfLibrary(library)
const ofNode = argon2OfNode(crypto.argon2)
const password = 'Correct  horse — аккумулятор 🔋'

const base: Argon2Parameters = {
  algorithm: 'argon2id',
  memoryKib: 19_456,
  passes: 2,
  parallelism: 1,
  salt: Buffer.alloc(16, 'some salt'),
  tagBytes: 32,
}

const absent = () => Promise.reject(new Error('Cannot find native binding.'))

describe('Argon2', () => {
  const cases: readonly Partial<Argon2Parameters>[] = [
    {},
    { algorithm: 'argon2i' },
    { memoryKib: 64, passes: 3 },
    { memoryKib: 64, parallelism: 4 },
    { memoryKib: 64, salt: Buffer.alloc(8, 1), tagBytes: 16 },
    { memoryKib: 64, salt: Buffer.alloc(48, 1), tagBytes: 64 },
  ]
  for (const changes of cases) {
    it(`gives the same tag by the library and by Node: ${JSON.stringify(changes)}`, async () => {
      const parameters = { ...base, ...changes }
      for (const text of [password, '', 'я'.repeat(1024)]) {
        const tag = await native(text, parameters)
        assert.equal(tag.length, parameters.tagBytes)
        assert.deepEqual(await ofNode(text, parameters), tag)
      }
    })
  }

  it('takes what Node hashed for what the library hashed, in the form that is stored', async () => {
    const tag = await ofNode(password, base)
    const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const stored = `$argon2id$v=19$m=19456,t=2,p=1$${base64(base.salt)}$${base64(tag)}`
    assert.equal(await library.verify(stored, password), true)
    assert.equal(await library.verify(stored, `${password}!`), false)
  })

  it('is that of the library where that can be loaded', async () => {
    assert.equal(isArgon2Native, true)
    assert.equal((await chooseArgon2(async () => library, crypto.argon2)).isNative, true)
  })

  it('is that of Node where the library cannot be loaded', async () => {
    const { argon2, isNative } = await chooseArgon2(absent, crypto.argon2)
    assert.equal(isNative, false)
    assert.deepEqual(await argon2(password, base), await native(password, base))
  })

  it('fails with the words of the library where Node has none', async () => {
    await assert.rejects(chooseArgon2(absent, undefined), /Cannot find native binding/)
  })
})
