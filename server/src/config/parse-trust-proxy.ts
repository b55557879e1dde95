import { BlockList, isIP } from 'node:net'
import { type Parse, type Parsed, quoted } from './parsed.ts'

/** `false`, or addresses and subnets separated by commas. */
export const trustProxy: Parse<false | readonly string[]> = presented => {
  if (presented === 'false') return { value: false }
  if (presented === 'true') {
    return {
      fault: '"true" would believe anybody; name the addresses or subnets of your proxies, or write false',
    }
  }
  const proxies: string[] = []
  for (const entry of presented.split(',')) {
    const parsed = addressOrSubnet(entry.trim())
    if ('fault' in parsed) return parsed
    proxies.push(parsed.value)
  }
  return { value: Object.freeze(proxies) }
}

function addressOrSubnet(entry: string): Parsed<string> {
  const [address = '', prefix, ...rest] = entry.split('/')
  const version = isIP(address)
  const isPlain = version !== 0 && !address.includes('%') && rest.length === 0
  if (isPlain && prefix === undefined) return { value: entry }
  if (!isPlain || !/^\d{1,3}$/.test(prefix ?? '') || !isSubnet(address, Number(prefix), version)) {
    return { fault: `${quoted(entry)} is not an IP address or a subnet such as 10.0.0.0/8` }
  }
  if (Number(prefix) === 0) return { fault: `${quoted(entry)} would believe anybody; name your proxies only` }
  return { value: entry }
}

function isSubnet(address: string, prefix: number, version: number): boolean {
  try {
    new BlockList().addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
    return true
  } catch {
    return false
  }
}
