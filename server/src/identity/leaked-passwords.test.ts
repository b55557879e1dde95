import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { encodeLeakedPasswords, loadLeakedPasswords, openLeakedPasswords } from './leaked-passwords.ts'

// Of the passwords of eight characters and more in the source, by frequency: the first fifty, and some around
// the 3,000th, up to which ASVS 6.2.4 asks for them.
const mostCommon =
  'password 12345678 123456789 baseball football qwertyuiop 1234567890 superman 1qaz2wsx trustno1 ' +
  'jennifer sunshine iloveyou starwars computer michelle 11111111 princess 987654321 corvette ' +
  '1234qwer 88888888 q1w2e3r4t5 internet samantha whatever maverick steelers mercedes 123123123 ' +
  'qwer1234 hardcore q1w2e3r4 midnight bigdaddy victoria 1q2w3e4r cocacola marlboro asdfasdf ' +
  '87654321 12344321 jordan23 Password jonathan liverpoo danielle abcd1234 scorpion qazwsxedc'

const aroundThe3000th =
  'pizzaman pinetree pathfind papamama nightmar Mustang1 montrose montecar masterbating maserati'

describe('the shipped list of leaked passwords', () => {
  const leaked = loadLeakedPasswords()

  for (const password of `${mostCommon} ${aroundThe3000th}`.split(' ')) {
    it(`holds ${password} in any case`, () => {
      assert.equal(leaked.has(password), true)
      assert.equal(leaked.has(password.toUpperCase()), true)
    })
  }

  it('holds what Russian speakers type, in either layout', () => {
    for (const password of ['ghjcnjgfhjkm', 'простопароль', 'gfhjkm123', 'пароль123', 'Йцукенгшщз']) {
      assert.equal(leaked.has(password), true, password)
    }
  })

  it('the list of leaked passwords does not hold passwords that were never leaked', () => {
    const wrong = Array.from({ length: 5_000 }, (_, n) => `no such password ${n}`).filter(word =>
      leaked.has(word),
    )
    assert.deepEqual(wrong, [])
  })

  it('is whole and in order', () => {
    const bytes = readFileSync(new URL('../../assets/leaked-passwords.bin', import.meta.url))
    const { count } = openLeakedPasswords(bytes)
    assert.equal(count, 474_743)
    const table = bytes.subarray(bytes.indexOf('\n') + 1)
    for (let at = 5; at < table.length; at += 5) {
      if (table.readUIntBE(at - 5, 5) >= table.readUIntBE(at, 5)) assert.fail(`out of order at byte ${at}`)
    }
  })
})

describe('a file of leaked passwords', () => {
  const words = ['first one', 'Second One', 'third one']
  const file = encodeLeakedPasswords([...words, 'FIRST ONE'], 'a test')

  it('holds what was written, once and in any case, and nothing else', () => {
    const { count, has } = openLeakedPasswords(file)
    assert.equal(count, 3)
    for (const word of words) assert.deepEqual([has(word), has(word.toUpperCase())], [true, true])
    assert.equal(has('fourth one'), false)
    assert.equal(has(''), false)
  })

  it('comes out the same whatever the order of its words', () => {
    assert.deepEqual(encodeLeakedPasswords(words.toReversed(), 'a test'), file)
  })

  it('that is cut short, empty or something else is refused', () => {
    const table = file.subarray(file.indexOf('\n') + 1)
    for (const damaged of [
      Buffer.alloc(0),
      file.subarray(0, -1),
      table,
      Buffer.concat([file, Buffer.from('x')]),
      Buffer.from(file.toString('latin1').replace('version=1', 'version=2'), 'latin1'),
      Buffer.from('propusk-leaked-passwords version=1 prefix_bytes=5 count=0 source=a test\n'),
    ]) {
      assert.throws(() => openLeakedPasswords(damaged), /damaged/)
    }
  })

  it('cannot be given a source that would break its first line', () => {
    assert.throws(() => encodeLeakedPasswords(words, 'two\nlines'), TypeError)
  })
})
