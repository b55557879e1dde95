import type { Page } from 'playwright-core'

interface CaptureOptions {
  /** Sharp enough to read, small enough to keep. */
  readonly quality?: number
  readonly scale?: number
}

/** The window as a WebP, which Playwright itself does not write and which is a third of a PNG. */
export async function capture(page: Page, { quality = 82, scale = 1 }: CaptureOptions = {}): Promise<Buffer> {
  const session = await page.context().newCDPSession(page)
  const { width, height } = page.viewportSize()!
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality,
    ...(scale !== 1 && { clip: { x: 0, y: 0, width, height, scale } }),
  })
  await session.detach()
  return Buffer.from(data, 'base64')
}
