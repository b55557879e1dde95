import { parseSubnet } from '../addresses/index.ts'
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
  const subnet = parseSubnet(entry)
  if (subnet === undefined) {
    return { fault: `${quoted(entry)} is not an IP address or a subnet such as 10.0.0.0/8` }
  }
  if (subnet.prefixLength === 0)
    return { fault: `${quoted(entry)} would believe anybody; name your proxies only` }
  return { value: entry }
}
