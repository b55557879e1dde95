declare const ui: {
  authActions: { logout(names: string[]): void }
  preauthorizeApiKey(name: string, key: string): void
}

/**
 * How Swagger UI shows the document. The interceptor runs in the browser: a person who signs in on the page by «Try it
 * out» is signed in for the calls that follow, until the page is closed.
 */
export const swaggerUiConfig = {
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  layout: 'BaseLayout',
  responseInterceptor: (response: { url: string; ok: boolean; text: string }) => {
    const { pathname } = new URL(response.url)
    if (response.ok && /\/(login|register|token\/refresh)\/?$/.test(pathname)) {
      ui.preauthorizeApiKey('bearerAuth', JSON.parse(response.text).access)
    }
    if (response.ok && /\/(logout|token\/revoke_all)\/?$/.test(pathname))
      ui.authActions.logout(['bearerAuth'])
    return response
  },
} as const

/** `base` leads from the address of the page to its own folder: `.` from `/redoc/`, `./redoc` from `/redoc`. */
export const redocPage = (base: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Propusk API: reference</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="redoc" data-document="${base}/../openapi.json"></div>
<script src="${base}/redoc.standalone.js"></script>
<script src="${base}/init.js"></script>
</body>
</html>
`

export const redocInit = `'use strict'
const root = document.getElementById('redoc')
const sans = 'system-ui, sans-serif'
Redoc.init(root.dataset.document, {
  hideDownloadButtons: false,
  theme: { typography: { fontFamily: sans, headings: { fontFamily: sans }, code: { fontFamily: 'ui-monospace, monospace' } } },
}, root)
`
