import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { capture } from './support/capture.ts'
import {
  type ConsolePage,
  consoleWorld,
  findViolations,
  type Locale,
  settled,
} from './support/console-world.ts'
import { type ContactScreen, contactScreens } from './support/contact-screens.ts'

/**
 * Looks at every screen in both languages and schemes at three widths, at a zoom of 400 % and on paper, then without a
 * server and in a second tab; writes the pictures, what axe and the browser complain of, and what is too wide, into a folder
 * beside the repository. `npm run contact-sheet`, or with names of screens and of looks:
 * `npm run contact-sheet -- overview matrix --look print --look '360 ru dark'`
 */
const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { look: { type: 'string', multiple: true } },
})
const screens = contactScreens.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const folder = await mkdtemp(join(tmpdir(), 'propusk-contact-'))

interface Look {
  readonly label: string
  readonly locale: Locale
  readonly scheme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  readonly isPrinted?: boolean
}

const look = (width: number, height: number, locale: Locale, scheme: 'light' | 'dark'): Look => ({
  label: `${width} ${locale} ${scheme}`,
  width,
  height,
  locale,
  scheme,
})
const sizes = [
  [1440, 900],
  [768, 1024],
  [360, 740],
] as const
const allLooks: readonly Look[] = [
  ...(['en', 'ru'] as const).flatMap(locale =>
    (['light', 'dark'] as const).flatMap(scheme =>
      sizes.map(([width, height]) => look(width, height, locale, scheme)),
    ),
  ),
  { ...look(320, 256, 'ru', 'light'), label: 'zoom 400 %' },
  { ...look(1000, 1400, 'en', 'light'), label: 'print', isPrinted: true },
]
const looks = allLooks.filter(({ label }) => values.look?.includes(label) ?? true)
if (screens.length === 0 || looks.length === 0) {
  console.error(`Screens: ${contactScreens.map(({ name }) => name).join(', ')}`)
  console.error(`Looks: ${allLooks.map(({ label }) => label).join(', ')}`)
  process.exit(2)
}

interface Picture {
  readonly screen: string
  readonly label: string
  readonly width: number
  readonly file: string
  readonly faults: readonly string[]
}

const pictures: Picture[] = []
const world = await consoleWorld()

async function take(opened: ConsolePage, screen: string, { label, width, isPrinted = false }: Look) {
  const { page, complaints } = opened
  const isWide = () => document.documentElement.scrollWidth > window.innerWidth
  // Paper does not scroll: it is looked at.
  const isTooWide = !isPrinted && (await page.evaluate(isWide))
  const faults = [
    ...(await findViolations(page)),
    ...complaints.splice(0),
    ...(isTooWide ? ['The page scrolls sideways.'] : []),
  ]
  const file = `${screen}-${label}.webp`.replaceAll(/[ %]+/g, '-')
  await writeFile(join(folder, file), await capture(page, { quality: 70, scale: width > 1000 ? 0.6 : 0.75 }))
  pictures.push({ screen, label, width, file, faults })
  for (const fault of faults) console.log(`${screen}, ${label}: ${fault}`)
}

async function show(opened: ConsolePage, { name, path, act }: ContactScreen, as: Look): Promise<void> {
  try {
    await opened.go(path)
    await act?.(opened.page)
    if (as.isPrinted) await opened.page.emulateMedia({ media: 'print' })
    await opened.page.waitForTimeout(200)
    await take(opened, name, as)
  } catch (error) {
    console.log(`${name}, ${as.label}: ${String(error)}`)
  } finally {
    if (as.isPrinted) await opened.page.emulateMedia({ media: 'screen' })
  }
}

async function walk(as: Look, isPublic: boolean): Promise<void> {
  const shown = screens.filter(screen => (screen.isPublic ?? false) === isPublic)
  if (shown.length === 0) return
  const opened = await world.open({ ...as, ...(!isPublic && { as: 'superuser' }) })
  for (const screen of shown) await show(opened, screen, as)
  await opened.context.close()
}

for (const as of looks) {
  await walk(as, true)
  await walk(as, false)
  console.log(`${as.label}: ${pictures.length} pictures`)
}

/** A sign-out in one tab, seen in the other; then a server that is gone, at two widths. */
async function lookAtEnds(): Promise<void> {
  for (const [width, height] of [sizes[0], sizes[2]]) {
    const as = look(width, height, 'en', 'light')
    const first = await world.open({ ...as, as: 'admin', at: '/console/users' })
    const second = await first.context.newPage()
    await second.goto(`${world.address}/account/devices`)
    await settled(second)
    await second.getByRole('button', { name: /admin@example\.com/ }).click()
    await second.getByRole('menuitem', { name: 'Sign out' }).click()
    await first.page.waitForURL(/sign-in/)
    await settled(first.page)
    await take(first, 'signed-out-in-another-tab', as)
    await first.context.close()
  }
  const opened = await Promise.all(
    [sizes[0], sizes[2]].map(async ([width, height]) => {
      const as = look(width, height, 'en', 'light')
      return { as, opened: await world.open({ ...as, as: 'superuser', at: '/console/users/4' }) }
    }),
  )
  await world.server.app.close()
  for (const { as, opened: page } of opened) {
    await page.page.getByRole('status').first().waitFor()
    await page.page.waitForTimeout(6_000)
    page.complaints.splice(0)
    await take(page, 'server-gone', as)
  }
}
if (wanted.length === 0 && values.look === undefined) await lookAtEnds()

const names = [...new Set(pictures.map(({ screen }) => screen))]
const figure = ({ label, file, width, faults }: Picture) =>
  `<figure><a href="${file}"><img src="${file}" width="${width > 1000 ? 430 : width > 700 ? 260 : 180}" alt=""></a>
   <figcaption${faults.length > 0 ? ' class="bad"' : ''}>${label}${faults.length > 0 ? `: ${faults.length} faults` : ''}</figcaption></figure>`
await writeFile(
  join(folder, 'index.html'),
  `<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>body{font:14px system-ui;margin:16px}figure{display:inline-block;margin:4px;vertical-align:top}img{border:1px solid #999}.bad{color:#b00}</style>
${names
  .map(
    name =>
      `<section id="${name}"><h2>${name}</h2>${pictures
        .filter(({ screen }) => screen === name)
        .map(figure)
        .join('\n')}</section>`,
  )
  .join('\n')}`,
)
// One picture of each screen in all its looks: what one looks through.
const sheet = await world.browser.newPage({ viewport: { width: 1860, height: 900 } })
await sheet.goto(pathToFileURL(join(folder, 'index.html')).href)
for (const name of names) {
  await sheet.locator(`#${name}`).screenshot({ path: join(folder, `sheet-${name}.png`) })
}
await world.browser.close()
await world.close()
const faulty = pictures.filter(({ faults }) => faults.length > 0).length
console.log(`${pictures.length} pictures, ${faulty} with faults: ${join(folder, 'index.html')}`)
process.exitCode = faulty === 0 ? 0 : 1
