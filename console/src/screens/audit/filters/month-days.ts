const daysOfWeek = 7

/** The weeks that a month touches, each day at its midnight; `firstWeekday` is 1 for Monday to 7 for Sunday. */
export function weeksOf(month: Date, firstWeekday: number): readonly (readonly Date[])[] {
  const first = new Date(month.getFullYear(), month.getMonth(), 1)
  const last = new Date(month.getFullYear(), month.getMonth() + 1, 0)
  const before = (first.getDay() - firstWeekday + daysOfWeek) % daysOfWeek
  const count = Math.ceil((before + last.getDate()) / daysOfWeek)
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: daysOfWeek }, (_, day) => addDays(first, week * daysOfWeek + day - before)),
  )
}

/** The same time of another day, also across a change of clocks. */
export const addDays = (day: Date, days: number): Date =>
  new Date(day.getFullYear(), day.getMonth(), day.getDate() + days)

/** The same day of another month, or its last. */
export function addMonths(day: Date, months: number): Date {
  const last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0)
  return new Date(last.getFullYear(), last.getMonth(), Math.min(day.getDate(), last.getDate()))
}

interface WeekInfo {
  getWeekInfo?(): { readonly firstDay: number }
}

/** The day on which a week begins where people write so; Monday (ISO 8601) where the browser does not know. */
export const firstWeekdayOf = (locale: string): number =>
  (new Intl.Locale(locale) as Intl.Locale & WeekInfo).getWeekInfo?.().firstDay ?? 1
