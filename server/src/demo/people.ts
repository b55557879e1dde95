import { initialFields, type OwnFields, pickOwnFields } from '../identity/index.ts'
import type { ClientInfo } from '../kernel/index.ts'

export interface DemoPerson extends OwnFields {
  readonly email: string
  /** Known only for the accounts that the demo prints; the others get a random one that is not kept. */
  readonly password?: string
  readonly roles: readonly string[]
  /** Where the person is or was signed in; nowhere: never signed in. */
  readonly devices: readonly DeviceName[]
  readonly isStaff: boolean
  readonly isSuperuser: boolean
}

type Flags = Partial<Pick<DemoPerson, 'password' | 'isStaff' | 'isSuperuser'>>

const person = (
  email: string,
  [firstName, middleName, lastName]: readonly [string, string | null, string],
  roles: string,
  devices: readonly DeviceName[],
  flags: Flags = {},
): DemoPerson => ({
  ...pickOwnFields(initialFields),
  email,
  firstName,
  middleName,
  lastName,
  roles: roles.split(' ').filter(role => role !== ''),
  devices,
  isStaff: false,
  isSuperuser: false,
  ...flags,
})

export const superuserEmail = 'mr.englishcat@gmail.com'

const printed = {
  superuser: person(
    superuserEmail,
    ['Mister', null, 'Englishcat'],
    'admin',
    ['macSafari', 'iphone', 'curl'],
    {
      password: 'root',
      isStaff: true,
      isSuperuser: true,
    },
  ),
  admin: person(
    'admin@example.com',
    ['Ольга', 'Викторовна', 'Смирнова'],
    'admin supervisor',
    ['windowsChrome', 'android', 'ipad'],
    { password: 'admin-demo', isStaff: true },
  ),
  supervisor: person(
    'supervisor@example.com',
    ['Daniel', null, 'Foster'],
    'supervisor user',
    ['macChrome', 'iphone'],
    { password: 'supervisor-demo' },
  ),
  user: person(
    'user@example.com',
    ['Анна', 'Сергеевна', 'Петрова'],
    'user',
    ['windowsFirefox', 'android', 'macSafari'],
    {
      password: 'user-demo',
    },
  ),
}

/** An account whose password the demo prints. */
export interface DemoAccount {
  readonly email: string
  readonly password: string
  /** What it is there to show. */
  readonly shows: string
}

const account = ({ email, password }: DemoPerson, shows: string): DemoAccount => ({
  email,
  password: password!,
  shows,
})

/** The accounts to sign in with: what the demo prints when it starts. */
export const demoAccounts: readonly DemoAccount[] = [
  account(printed.superuser, 'superuser: can do everything'),
  account(printed.admin, 'role admin: people, roles, sessions, audit, documents'),
  account(printed.supervisor, 'role supervisor: reads, approves and exports documents'),
  account(printed.user, 'role user: reads documents, deletes nothing'),
]

const staff = { isStaff: true }

/** All accounts of the demo, in the order in which they joined. Addresses are of RFC 2606's domains. */
export const people: readonly DemoPerson[] = [
  ...Object.values(printed),
  person(
    'i.kuznetsov@example.com',
    ['Игорь', 'Павлович', 'Кузнецов'],
    'admin',
    ['linuxFirefox', 'android'],
    staff,
  ),
  person('emily.carter@example.org', ['Emily', null, 'Carter'], 'admin user', ['macSafari', 'iphone'], staff),
  person('m.sokolova@example.com', ['Мария', 'Андреевна', 'Соколова'], 'supervisor user', [
    'windowsEdge',
    'iphone',
  ]),
  person('oliver.bennett@example.net', ['Oliver', null, 'Bennett'], 'supervisor', ['macChrome', 'ipad']),
  person('d.volkov@example.com', ['Дмитрий', 'Олегович', 'Волков'], 'user', ['windowsChrome', 'android']),
  person('grace.hughes@example.org', ['Grace', null, 'Hughes'], 'user', ['macSafari', 'iphone', 'ipad']),
  person('e.morozova@example.com', ['Елена', 'Игоревна', 'Морозова'], 'supervisor user', [
    'windowsChrome',
    'android',
  ]),
  person('jack.turner@example.net', ['Jack', null, 'Turner'], 'user', ['linuxFirefox', 'curl']),
  person('a.novikov@example.com', ['Алексей', 'Дмитриевич', 'Новиков'], 'user', ['windowsFirefox', 'iphone']),
  person('sophie.ward@example.org', ['Sophie', null, 'Ward'], 'supervisor user', ['macChrome', 'iphone']),
  person('n.lebedeva@example.com', ['Наталья', 'Юрьевна', 'Лебедева'], 'user', ['windowsEdge', 'android']),
  person('henry.cooper@example.net', ['Henry', null, 'Cooper'], 'user', ['windowsChrome']),
  person('s.kozlov@example.com', ['Сергей', 'Николаевич', 'Козлов'], 'user', ['windowsChrome', 'android']),
  person('lucy.morgan@example.org', ['Lucy', null, 'Morgan'], 'user', ['iphone', 'macSafari']),
  person('t.egorova@example.com', ['Татьяна', 'Владимировна', 'Егорова'], 'supervisor', [
    'windowsChrome',
    'ipad',
  ]),
  person('thomas.reed@example.net', ['Thomas', null, 'Reed'], 'user', ['linuxFirefox', 'android']),
  person('p.pavlov@example.com', ['Павел', 'Артёмович', 'Павлов'], 'user', ['windowsFirefox', 'android']),
  person('chloe.bailey@example.org', ['Chloe', null, 'Bailey'], 'user', ['macSafari', 'iphone']),
  person('yu.semenova@example.com', ['Юлия', 'Максимовна', 'Семёнова'], 'supervisor user', [
    'macChrome',
    'iphone',
  ]),
  person('george.parker@example.net', ['George', null, 'Parker'], 'user', ['windowsEdge', 'android']),
  person('v.golubev@example.com', ['Владимир', 'Петрович', 'Голубев'], 'user', ['windowsChrome', 'curl']),
  person('ruby.collins@example.org', ['Ruby', null, 'Collins'], 'user', ['iphone', 'ipad']),
  person('k.vinogradova@example.com', ['Ксения', 'Романовна', 'Виноградова'], 'user', [
    'windowsChrome',
    'iphone',
  ]),
  person('leo.murphy@example.net', ['Leo', null, 'Murphy'], 'user', ['android']),
  person('r.bogdanov@example.com', ['Роман', 'Сергеевич', 'Богданов'], 'supervisor user', [
    'linuxFirefox',
    'android',
  ]),
  person('isla.richardson@example.org', ['Isla', null, 'Richardson'], 'user', ['macSafari', 'iphone']),
  person('o.vorobyova@example.com', ['Оксана', 'Степановна', 'Воробьёва'], 'user', [
    'windowsFirefox',
    'android',
  ]),
  person('arthur.cox@example.net', ['Arthur', null, 'Cox'], 'user', ['windowsChrome', 'windowsEdge']),
  person('f.fedorov@example.com', ['Фёдор', 'Ильич', 'Фёдоров'], 'user', ['windowsChrome', 'android']),
  person('ella.howard@example.org', ['Ella', null, 'Howard'], 'supervisor user', ['macChrome', 'ipad']),
  person('zh.mikhailova@example.com', ['Жанна', 'Борисовна', 'Михайлова'], 'user', [
    'iphone',
    'windowsChrome',
  ]),
  person('charlie.brooks@example.net', ['Charlie', null, 'Brooks'], 'user', [
    'linuxFirefox',
    'curl',
    'android',
  ]),
  person('k.belov@example.com', ['Кирилл', 'Евгеньевич', 'Белов'], 'user', ['windowsEdge', 'android']),
  person('freya.watson@example.org', ['Freya', null, 'Watson'], 'user', ['macSafari', 'iphone']),
  person('l.tarasova@example.com', ['Лариса', 'Геннадьевна', 'Тарасова'], 'user', ['windowsChrome', 'ipad']),
  person('oscar.sanders@example.net', ['Oscar', null, 'Sanders'], 'user', ['windowsFirefox', 'iphone']),
  person('g.belyaev@example.com', ['Григорий', 'Львович', 'Беляев'], 'user', ['windowsChrome', 'android']),
  person('amelia.price@example.org', ['Amelia', null, 'Price'], 'user', ['macChrome', 'iphone']),
  person('v.komarova@example.com', ['Вера', 'Константиновна', 'Комарова'], 'user', [
    'windowsEdge',
    'android',
  ]),
  person('harry.barnes@example.net', ['Harry', null, 'Barnes'], 'user', ['linuxFirefox']),
  person('m.orlov@example.com', ['Максим', 'Вадимович', 'Орлов'], 'supervisor user', [
    'macSafari',
    'android',
  ]),
  person('evie.ross@example.org', ['Evie', null, 'Ross'], 'user', ['iphone']),
  // Invited accounts that have not signed in yet, and one without a role.
  person('s.kiseleva@example.com', ['Светлана', 'Аркадьевна', 'Киселёва'], 'user', []),
  person('max.henderson@example.net', ['Max', null, 'Henderson'], 'user', []),
  person('a.makarov@example.com', ['Антон', 'Денисович', 'Макаров'], 'supervisor user', []),
  person('rosie.coleman@example.org', ['Rosie', null, 'Coleman'], '', ['iphone']),
]

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
export function originOf(personNumber: number, name: DeviceName): ClientInfo {
  const { userAgent, network } = devices[name]
  const addresses = {
    office: `10.20.${personNumber % 4}.${20 + personNumber}`,
    home: `${homeRanges[personNumber % homeRanges.length]}.${20 + personNumber}`,
    mobile: `2001:db8:${(0x100 + personNumber).toString(16)}::${(0x10 + personNumber).toString(16)}`,
  }
  return { ipAddress: addresses[network], userAgent }
}
