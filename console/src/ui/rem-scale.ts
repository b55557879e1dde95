/** How much larger the reader's font is than the usual one (WCAG 1.4.4). */
export const remScale = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
