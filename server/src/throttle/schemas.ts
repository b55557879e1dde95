import { Instant, Type } from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import { type Counter, counterKinds } from './counter.ts'

const description =
  '`account`: guesses at one account. `device`: guesses at one account from where it signed in before. `address`: guesses from one network address (IPv6: a /64). `password`: one password on many accounts. `registration`: accounts opened from one address. `password_change`: changes asked for by one account.'

export const KindField = Type.Enum(counterKinds, { description })

export const CounterBody = Type.Object(
  {
    id: Type.Integer(),
    kind: KindField,
    subject: Type.String({
      description:
        'Whose guesses: an email address, known or not; an address of the network; for a device both, with a mark of its user agent; for a password a mark of 16 bits; for a password change the id of the account.',
    }),
    failures: Type.Integer({
      description: 'How many there were at `counted_at`; they are forgotten one by one.',
    }),
    counted_at: Instant,
    blocked_until: Type.Union([Instant, Type.Null()], {
      description: 'Until then every further attempt is answered 429; null when nothing waits.',
    }),
  },
  { $id: 'ThrottleCounter' },
)

export const toCounterBody = (counter: Counter) => ({
  id: counter.id,
  kind: counter.kind,
  subject: counter.subject,
  failures: counter.failures,
  counted_at: toRfc3339(counter.countedAtMs),
  blocked_until: counter.blockedUntilMs === null ? null : toRfc3339(counter.blockedUntilMs),
})

export const counterExample = {
  id: 17,
  kind: 'account',
  subject: 'anna.petrova@example.com',
  failures: 8,
  counted_at: '2026-03-14T10:30:11.902Z',
  blocked_until: '2026-03-14T10:30:15.902Z',
}
