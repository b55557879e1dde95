import { it } from 'node:test'

/**
 * A test that cannot be done on this machine: a failure in CI, elsewhere a skipped test and a line on standard error,
 * so that a green run is not taken for the whole.
 */
export function reportMissing(title: string, reason: string): void {
  if (process.env.CI === 'true') {
    it(title, () => {
      throw new Error(`${reason}. CI must have it.`)
    })
    return
  }
  console.error(`NOT TESTED: ${title}: ${reason}`)
  it(title, { skip: reason }, () => {})
}
