/**
 * Moves the focus to an element of a list that draws only what is in sight: at once where it is drawn, so that the next
 * key of a fast hand meets it, and otherwise as soon as the list that was scrolled to it has drawn it.
 */
export function focusWhenDrawn(list: HTMLElement | null, selector: string): void {
  const drawn = list?.querySelector<HTMLElement>(selector)
  if (drawn) drawn.focus()
  else requestAnimationFrame(() => list?.querySelector<HTMLElement>(selector)?.focus())
}
