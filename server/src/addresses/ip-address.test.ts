import assert from 'node:assert/strict'
import { BlockList, isIP, SocketAddress } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { canonicalAddress, isIn, isLoopback, parseIpAddress, parseSubnet } from './ip-address.ts'

describe('the canonical spelling of an address', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    // RFC 5952 section 4.2: the longest run, the first of equal ones, and never a single group.
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%br-lan.100', 'fe80::1'],
    ['::', '::'],
  ] as const) {
    it(`${text} is ${canonical}`, () => assert.equal(canonicalAddress(text), canonical))
  }

  // What `inet_aton` takes and others read as another address, or as none.
  for (const text of [
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '010.0.0.1',
    '192.0.2.256',
    '::ffff:010.0.0.1',
    '::0x7f.0.0.1',
    '192.0.2.1%eth0',
    '192.0.2.1 ',
    '192.0.2.1\n',
    '[::1]',
    '::1%',
    '1::2::3',
    '00001::',
    '',
  ]) {
    it(`${JSON.stringify(text)} has none`, () => assert.equal(canonicalAddress(text), undefined))
  }

  it('exists for what Node calls an address, and for nothing else', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ffff',
      '00001',
      'g',
      ':',
      '::',
      '.',
      '1.2.3.4',
      '01',
      '256',
      '%eth0',
      '',
    )
    const groups = fc.array(fc.constantFrom('0', '1', 'ffff', '', 'abcd'), { maxLength: 9 })
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
      groups.map(some => some.join(':')),
      groups.map(some => `${some.join(':')}:1.2.3.4`),
      fc.ipV4(),
      fc.ipV6(),
    )
    fc.assert(
      fc.property(texts, text => assert.equal(parseIpAddress(text) !== undefined, isIP(text) !== 0)),
      { numRuns: 20_000 },
    )
  })

  it('is the one that Node writes, for every IPv6 address and each spelling of it', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
    const addresses = fc.array(group, { minLength: 8, maxLength: 8 }).filter(
      // Node writes ::/96 as IPv4 within IPv6, a form that RFC 4291 has given up.
      groups => groups.slice(0, 5).some(value => value !== 0),
    )
    fc.assert(
      fc.property(addresses, groups => {
        const long = groups.map(value => value.toString(16).toUpperCase().padStart(4, '0')).join(':')
        const expected = new SocketAddress({ address: long, family: 'ipv6' }).address
        assert.equal(canonicalAddress(long), expected)
        assert.equal(canonicalAddress(expected), expected)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a subnet', () => {
  const holds = (subnet: string, address: string): boolean =>
    isIn(parseIpAddress(address)!, [parseSubnet(subnet)!])

  for (const [subnet, inside, outside] of [
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['10.9.8.7/8', '10.0.0.1', '11.0.0.1'],
    ['10.0.0.1', '10.0.0.1', '10.0.0.2'],
    ['10.0.0.0/8', '::ffff:10.0.0.1', '::10.0.0.1'],
    ['::ffff:10.0.0.0/104', '10.0.0.1', '11.0.0.1'],
    ['2001:db8::/33', '2001:DB8:7fff::1', '2001:db8:8000::1'],
    ['2001:db8::1', '2001:db8:0::1', '2001:db8::2'],
    ['::/0', '::1', '10.0.0.1'],
  ] as const) {
    it(`${subnet} holds ${inside} and not ${outside}`, () => {
      assert.deepEqual([holds(subnet, inside), holds(subnet, outside)], [true, false])
    })
  }

  for (const text of [
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/8.0',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseSubnet(text), undefined))
  }
  for (const text of ['10/8', '10.0.0.0/255.0.0.0', 'fe80::1%eth0', 'fe80::%eth0/10', 'example.org']) {
    it(`${text} is none`, () => assert.equal(parseSubnet(text), undefined))
  }

  it('holds what Node’s block list of it holds', () => {
    const [ipv4, ipv6] = [
      fc.ipV4(),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
    ]
    const spelled = ipv6.map(groups => groups.map(value => value.toString(16)).join(':'))
    const bits = (max: number) => fc.integer({ min: 1, max })
    fc.assert(
      fc.property(ipv4, ipv4, bits(32), spelled, spelled, bits(128), (a4, b4, bits4, a6, b6, bits6) => {
        for (const [network, address, length, family] of [
          [a4, b4, bits4, 'ipv4'],
          [a6, b6, bits6, 'ipv6'],
          [a6, a6.replace(/[^:]+$/, '0'), bits6, 'ipv6'],
        ] as const) {
          const list = new BlockList()
          list.addSubnet(network, length, family)
          assert.equal(holds(`${network}/${length}`, address), list.check(address, family))
        }
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a loopback address', () => {
  for (const [address, expected] of [
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['128.0.0.1', false],
    ['::2', false],
    ['::127.0.0.1', false],
    ['localhost', false],
    ['', false],
  ] as const) {
    it(`${JSON.stringify(address)} ${expected ? 'is one' : 'is none'}`, () =>
      assert.equal(isLoopback(address), expected))
  }
})
