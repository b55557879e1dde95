import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type KeyValueStorage, memoryTokens, storageTokens } from './index.ts'
import { hiddenTokenKey, keyedPair, withKey } from './refresh-keys.ts'

function mapStorage(): KeyValueStorage {
  const map = new Map<string, string>()
  return {
    getItem: key => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: key => void map.delete(key),
  }
}

const pair = { access: 'an access token', refresh: 'a refresh token' }

describe('the key of a refresh token', () => {
  it('is another for each pair, in a form that the server takes', () => {
    const keys = Array.from({ length: 100 }, () => withKey(pair).idempotencyKey)
    assert.equal(new Set(keys).size, 100)
    for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/)
  })

  it('is in the store before it is sent, and stays the same', async () => {
    for (const store of [memoryTokens(pair), storageTokens(mapStorage())]) {
      await store.write(pair)
      const keyed = await keyedPair(store, pair)
      assert.deepEqual(await store.read(), keyed)
      assert.deepEqual(await keyedPair(store, (await store.read())!), keyed)
    }
  })
})

describe('the key of a token that scripts cannot read', () => {
  it('is one for all tabs, until its token was exchanged', () => {
    const storage = mapStorage()
    const [one, two] = [hiddenTokenKey(storage, 'key'), hiddenTokenKey(storage, 'key')]
    const first = one.take()
    assert.equal(two.take(), first)
    two.drop(first)
    const second = two.take()
    assert.notEqual(second, first)
    assert.equal(one.take(), second)
    one.drop(first)
    assert.equal(two.take(), second, 'a late answer drops no newer key')
    one.forget()
    assert.notEqual(two.take(), second)
  })

  it('is known to its tab alone where the storage is missing or refuses', () => {
    const refuse = () => {
      throw new DOMException('No.', 'SecurityError')
    }
    for (const storage of [undefined, { getItem: refuse, setItem: refuse, removeItem: refuse }]) {
      const key = hiddenTokenKey(storage, 'key')
      const first = key.take()
      assert.equal(key.take(), first)
      key.drop(first)
      assert.notEqual(key.take(), first)
    }
  })
})
