/** Hands a file to the browser, as if it had been a link. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the file by then, or never will.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
