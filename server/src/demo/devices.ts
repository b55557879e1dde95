import type { Origin } from '../kernel/index.ts'

interface Device {
  readonly userAgent: string
  /** Where such a device is mostly used from. */
  readonly network: 'office' | 'home' | 'mobile'
}

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

/** User agents as today's browsers send them: Chrome and Safari have frozen the names of their platforms. */
export const devices = {
  windowsChrome: {
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/153.0.0.0 Safari/537.36`,
    network: 'office',
  },
  windowsEdge: {
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/153.0.0.0 Safari/537.36 Edg/153.0.0.0`,
    network: 'office',
  },
  windowsFirefox: {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0',
    network: 'home',
  },
  linuxFirefox: {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0',
    network: 'office',
  },
  macSafari: {
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Safari/605.1.15',
    network: 'home',
  },
  macChrome: {
    userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Chrome/153.0.0.0 Safari/537.36`,
    network: 'office',
  },
  iphone: {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Mobile/15E148 Safari/604.1',
    network: 'mobile',
  },
  ipad: {
    userAgent:
      'Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Mobile/15E148 Safari/604.1',
    network: 'home',
  },
  android: {
    userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/153.0.0.0 Mobile Safari/537.36`,
    network: 'mobile',
  },
  curl: { userAgent: 'curl/8.16.0', network: 'office' },
} as const satisfies Record<string, Device>

export type DeviceName = keyof typeof devices

/** Ranges for documentation (RFC 5737), of which each household has its own address. */
const homeRanges = ['192.0.2', '198.51.100', '203.0.113'] as const

/** Where a person's device signs in from. Addresses are private (RFC 1918) or for documentation (RFC 3849, 5737). */
export function originOf(personNumber: number, name: DeviceName): Origin {
  const { userAgent, network } = devices[name]
  const addresses = {
    office: `10.20.${personNumber % 4}.${20 + personNumber}`,
    home: `${homeRanges[personNumber % homeRanges.length]}.${20 + personNumber}`,
    mobile: `2001:db8:${(0x100 + personNumber).toString(16)}::${(0x10 + personNumber).toString(16)}`,
  }
  return { ipAddress: addresses[network], userAgent }
}
