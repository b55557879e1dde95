import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accounts, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

/** What the first screen may bring of script, compressed, before anybody can do anything. */
const mostScriptBytes = 200 * 1024

/** Below this nobody sees that something moved (web.dev calls 0.1 good). */
const mostShift = 0.02

/** Layout shift and largest paint so far, by the browser's own account. */
const watch = () => {
  const seen = { shift: 0, largestPaintMs: 0 }
  Object.assign(globalThis, { seen })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
      if (!entry.hadRecentInput) seen.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver(list => {
    for (const { startTime } of list.getEntries()) seen.largestPaintMs = startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}

describe('the first screen', () => {
  test('brings less than 200 KB of compressed script, and nothing of it moves', async t => {
    const { page, context, go } = await world.open()
    await context.addInitScript(watch)
    await go('/account/sign-in')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(entry => entry.name.endsWith('.js'))
        .map(entry => (entry as PerformanceResourceTiming).encodedBodySize),
    )
    const bytes = scripts.reduce((sum, size) => sum + size, 0)
    const seen = await page.evaluate(
      () => (globalThis as unknown as { seen: { shift: number; largestPaintMs: number } }).seen,
    )
    t.diagnostic(
      `${Math.round(bytes / 1024)} KB of script in ${scripts.length} files, largest paint after ${Math.round(seen.largestPaintMs)} ms, layout shift ${seen.shift.toFixed(4)}`,
    )
    assert.ok(bytes > 20_000, 'the scripts are seen')
    assert.ok(bytes < mostScriptBytes, `${bytes} bytes`)
    assert.ok(seen.shift < mostShift, `the layout shifted by ${seen.shift}`)
  })

  test('of the console does not move while its figures arrive', async t => {
    const { page, context, go, signIn } = await world.open()
    await go('/account/sign-in')
    await signIn(accounts.superuser)
    await context.addInitScript(watch)
    for (const path of ['/console/users', '/console/users/4', '/console/matrix', '/console/sessions']) {
      await go(path)
      await settled(page)
      const seen = await page.evaluate(
        () => (globalThis as unknown as { seen: { shift: number; largestPaintMs: number } }).seen,
      )
      t.diagnostic(
        `${path}: largest paint after ${Math.round(seen.largestPaintMs)} ms, layout shift ${seen.shift.toFixed(4)}`,
      )
      assert.ok(seen.shift < 5 * mostShift, `${path} shifted by ${seen.shift}`)
    }
  })
})
