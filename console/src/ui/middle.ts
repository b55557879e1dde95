/** A long name without its middle: what tells such names apart mostly stands at their end. */
export function withoutMiddle(name: string, most: number): string {
  if (name.length <= most) return name
  const end = Math.floor((most - 1) * 0.45)
  return `${name.slice(0, most - 1 - end).trimEnd()}…${name.slice(-end).trimStart()}`
}
