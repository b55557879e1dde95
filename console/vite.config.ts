import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Text that is worth compressing once here instead of at each answer. Fonts are compressed by themselves. */
const isText = /\.(?:js|css|svg)$/

/**
 * Lays a `.br` and a `.gz` beside every text file; the server chooses by what the browser takes. Only what was written
 * is final: until then other plugins put in the names of files.
 */
const compressed = (): Plugin => ({
  name: 'propusk-compressed',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    const paths = Object.keys(bundle)
      .filter(name => isText.test(name))
      .map(name => join(dir!, name))
    await Promise.all(
      paths.map(async path => {
        const bytes = await readFile(path)
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        }
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }))
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes))
      }),
    )
  },
})

/** In development Vite knows one base only; the account pages are the same page under another address. */
const accountPages = (): Plugin => ({
  name: 'propusk-account-pages',
  configureServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      if (/^\/account(?:[/?]|$)/.test(request.url ?? '')) request.url = '/console/'
      next()
    })
  },
})

export default defineConfig({
  base: '/console/',
  experimental: {
    // The server may stand below any path of its host: it writes that into the page, and all other files find each other.
    renderBuiltUrl: (file, { hostType }) =>
      hostType === 'html' ? `__BASE_PATH__/console/${file}` : { relative: true },
  },
  plugins: [react(), compressed(), accountPages()],
  build: {
    // Browsers that know `light-dark()` and `oklch()`: for older ones the styles would be rewritten, and lose both.
    target: ['chrome125', 'edge125', 'firefox128', 'safari18'],
    // Names of files that a visitor's browser keeps for ever, so they carry their own hash.
    assetsDir: 'assets',
    // Inlined pictures would need `data:` in more places of the policy than one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  // In development the pages come from Vite, and everything that they ask for from a server that runs beside it.
  server: {
    port: 5173,
    proxy: { '/api': 'http://127.0.0.1:8000', '/health': 'http://127.0.0.1:8000' },
  },
})
