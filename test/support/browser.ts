import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/**
 * Puts the browser where every test process finds it. Once, before they start: of two that unpack it at the same time, one
 * runs the file that the other is writing.
 */
export async function unpackBrowser(): Promise<void> {
  await chromium.executablePath()
}

/** A real browser without a window, with an empty profile. */
export async function launchBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    // Not the arguments that the package suggests: they share one process and switch web security off.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    headless: true,
  })
}
