import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cookiesBeside, soleCookie } from './cookie-header.ts'

const name = '__Secure-propusk-forward'
const rows: readonly (readonly [readonly string[], string | undefined, string])[] = [
  [[], undefined, ''],
  [[`${name}=a.b.c`], 'a.b.c', ''],
  [[`x=1; ${name}=a.b.c; y="2"`], 'a.b.c', 'x=1; y="2"'],
  [['x=1', `${name}=a.b.c`, 'y=2'], 'a.b.c', 'x=1; y=2'],
  [[`${name}=a;${name}=b`], undefined, ''],
  [[`${name}=a`, `x=1;${name}=b`], undefined, 'x=1'],
  [[`${name}`, 'x=1'], undefined, 'x=1'],
  [[`${name} = a`], 'a', ''],
  [
    [`x${name}=a; ${name}x=b; ${name.toLowerCase()}=c`],
    undefined,
    `x${name}=a; ${name}x=b; ${name.toLowerCase()}=c`,
  ],
  [['x=1;;  ; y=2'], undefined, 'x=1; y=2'],
]

describe('the cookies of a request', () => {
  for (const [headers, value, beside] of rows) {
    it(`${JSON.stringify(headers)}: ours is ${value}, and the service sees ${JSON.stringify(beside)}`, () => {
      const rawHeaders = headers.flatMap((header, index) => [index % 2 === 0 ? 'Cookie' : 'cookie', header])
      assert.equal(soleCookie(rawHeaders, name), value)
      assert.equal(cookiesBeside(rawHeaders, name), beside)
    })
  }
})
