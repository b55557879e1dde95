/** Whoever looks at another tab for a moment comes back to a page that has missed nothing. */
const graceMs = 10_000

/** Notified when the page has been out of sight for a while, and at once when it is seen again. */
export function onShownChange(listener: (isShown: boolean) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const adjust = () => {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') listener(true)
    else timer = setTimeout(() => listener(false), graceMs)
  }
  document.addEventListener('visibilitychange', adjust)
  adjust()
}
