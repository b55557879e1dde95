import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { oneProcessAtATime } from './one-process-at-a-time.ts'

/** Of two processes that unpack the browser at the same time, one would run the file that the other is writing. */
const unpackedBrowser = (): Promise<string> => oneProcessAtATime('browser', () => chromium.executablePath())

/** A real browser without a window, with an empty profile; `args` are Chromium's own, beside those that every test needs. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return await playwright.launch({
    executablePath: await unpackedBrowser(),
    // Not the arguments that the package suggests: they share one process and switch web security off.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
    headless: true,
  })
}
