import type { Page } from 'playwright-core'
import { settled } from './console-world.ts'

/** Called at each step that is worth a picture. */
export type Look = (name: string) => Promise<void>

/**
 * What somebody does who has read nothing: from the overview to a person, a role for them, why that allows what it allows,
 * the end of a session on their second device, and all of it in the audit. By words that are seen on the page alone.
 */
export async function walkOfNewcomer(page: Page, look: Look): Promise<void> {
  await page.getByRole('link', { name: 'Users', exact: true }).click()
  await page.getByRole('searchbox').fill('петрова')
  await page.waitForURL(url => url.searchParams.has('search'))
  await settled(page)
  await page.getByRole('row', { name: /Анна Петрова/ }).click()
  await page.getByRole('heading', { name: 'Анна Петрова' }).waitFor()

  await page.getByPlaceholder('Add a role').click()
  await page.getByRole('option', { name: /Supervisor/ }).click()
  await page.getByText('1 person gains').waitFor()
  await settled(page)
  await look('newcomer-1-role')
  await page.getByRole('button', { name: 'Save roles' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()

  // Why: first on the page of the person, then as an answer to the very question.
  const documents = page.getByRole('link', { name: /documents:approve|^approve$/ }).first()
  await documents.waitFor()
  await documents.click()
  await page.getByText('Allowed', { exact: true }).waitFor()
  await settled(page)
  await look('newcomer-2-why')

  await page.getByRole('link', { name: 'Open profile' }).click()
  await page.getByRole('button', { name: /End the session on Chrome · Android/ }).click()
  await page.getByRole('dialog').waitFor()
  await settled(page)
  await look('newcomer-3-session')
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: false }).last().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'Audit', exact: true }).click()
  await page
    .getByRole('row', { name: /session/i })
    .first()
    .waitFor()
  await settled(page)
  await look('newcomer-4-audit')
}
