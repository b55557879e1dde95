import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from './ip-address.ts'

describe('the network of an address', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:FFFF:C000:0201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['::192.0.2.1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ] as const) {
    it(`of ${address} is ${network}`, () => assert.equal(networkOf(address), network))
  }

  for (const text of [
    '',
    'localhost',
    '256.1.1.1',
    '1.2.3',
    '1.2.3.4.',
    '1::2::3',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    'g::',
  ]) {
    it(`of ${JSON.stringify(text)}, which is no address, is unknown`, () => {
      assert.equal(networkOf(text), 'unknown')
    })
  }
})
