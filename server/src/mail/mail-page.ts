import type { Locale } from '../kernel/index.ts'
import { escapeHtml, type HtmlLine } from './template.ts'

/** How the product calls itself, and the colour of its buttons (`#rrggbb`). */
export interface MailBrand {
  readonly name: string
  readonly color: string | undefined
}

const defaultColor = '#2456a6'

/** Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance). */
export function readableOn(color: string): '#000000' | '#ffffff' {
  const [red, green, blue] = [1, 3, 5].map(start => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  // Where the contrast with black equals that with white.
  return luminance > 0.179 ? '#000000' : '#ffffff'
}

interface MailPage {
  readonly locale: Locale
  readonly subject: string
  readonly paragraphs: readonly (readonly HtmlLine[])[]
  readonly button: string | null
  readonly brand: MailBrand
}

/** The HTML form of a mail: the paragraphs of its text, with nothing that is loaded from elsewhere. */
export function mailPage({ locale, subject, paragraphs, button, brand }: MailPage): string {
  const color = brand.color ?? defaultColor
  const styles = {
    button: `display:inline-block;padding:12px 20px;border-radius:6px;background:${color};color:${readableOn(color)};text-decoration:none;font-weight:600`,
    code: 'font:600 24px/1.4 ui-monospace,Menlo,Consolas,monospace;letter-spacing:3px',
  }
  const toHtml = ({ kind, html }: HtmlLine): string => {
    if (kind === 'link')
      return `<a href="${html}" style="${styles.button}">${button === null ? html : escapeHtml(button)}</a>`
    return kind === 'code' ? `<span style="${styles.code}">${html}</span>` : html
  }
  const paragraphHtml = (lines: readonly HtmlLine[]) =>
    `<p style="margin:0 0 16px">${lines.map(toHtml).join('<br>\n')}</p>`
  return [
    '<!doctype html>',
    `<html lang="${locale}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">',
    '<div style="max-width:560px;margin:0 auto">',
    `<p style="margin:0 0 24px;font-size:18px;font-weight:600">${escapeHtml(brand.name)}</p>`,
    ...paragraphs.map(paragraphHtml),
    '</div></body></html>',
    '',
  ].join('\n')
}
