// Builds the pages after an install. JavaScript, because it may run on the machine's own Node.js, whatever its version.

/** What builds them is for development: an install without that (`npm ci --omit dev`) brings its own `dist`, or no pages. */
const vite = await import('vite').catch(error => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  console.log('The console is not built: this install has no Vite. The server runs without its pages.')
})
await vite?.build({ root: import.meta.dirname, logLevel: 'warn' })
