const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The formats that a schema may name. `true` marks those that only describe: the domain has its own rule for
 * an email address, and an answer is not judged.
 */
export const formats = {
  // RFC 3339 section 5.6, without leap seconds: no engine of ours can keep one.
  'date-time': (text: string) => {
    const parts = dateTime.exec(text)
    return parts !== null && isDayOfCalendar(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  },
  uuid,
  email: true,
  uri: true,
  ip: true,
  password: true,
  int64: true,
} as const

function isDayOfCalendar(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (days[month - 1] ?? 0)
}
