/** `bigint` as a number. A value that a number cannot hold is an error, never rounded. */
export function parseInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`The database holds ${text}, which is beyond the integers that a number can hold`)
}
