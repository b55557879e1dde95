/**
 * Refuses what the two engines would read differently: `undefined` (null to both drivers), NaN, integers that a
 * double cannot hold, and NUL, which PostgreSQL cannot store. A caller's bug, so a TypeError.
 */
export function checkParameters(parameters: readonly unknown[]): void {
  for (let index = 0; index < parameters.length; index++) {
    const fault = faultOf(parameters[index])
    if (fault !== undefined) throw new TypeError(`Parameter ${index + 1} of the query is ${fault}`)
  }
}

function faultOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? 'a string that holds NUL' : undefined
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? undefined
        : 'a number that cannot be stored exactly'
    case 'boolean':
      return undefined
    case 'object':
      return value === null || value instanceof Uint8Array
        ? undefined
        : 'an object; store it as text or a number'
    default:
      return `of type ${typeof value}, which no column holds`
  }
}
