/** A page whose scripts and styles are files of their own, so that its policy needs no exception for scripts. */
const page = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`

/** `base` leads from the address of the page to its own folder: `.` from `/swagger/`, `./swagger` from `/swagger`. */
export const swaggerPage = (base: string) =>
  page(
    'Propusk API: try it out',
    `<link rel="icon" href="${base}/favicon-32x32.png">\n<link rel="stylesheet" href="${base}/swagger-ui.css">`,
    `<div id="swagger-ui" data-document="${base}/../openapi.json"></div>
<script src="${base}/swagger-ui-bundle.js"></script>
<script src="${base}/init.js"></script>`,
  )

export const redocPage = (base: string) =>
  page(
    'Propusk API: reference',
    '<link rel="icon" href="data:,">\n<style>body { margin: 0 }</style>',
    `<div id="redoc" data-document="${base}/../openapi.json"></div>
<script src="${base}/redoc.standalone.js"></script>
<script src="${base}/init.js"></script>`,
  )

/** Whoever signs in on the page by «Try it out» is signed in for the calls that follow, until the page is closed. */
export const swaggerInit = `'use strict'
const root = document.getElementById('swagger-ui')
const signIn = /\\/(login|register|token\\/refresh)\\/?$/
const signOut = /\\/(logout|token\\/revoke_all)\\/?$/
const ui = SwaggerUIBundle({
  url: root.dataset.document,
  domNode: root,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor(response) {
    const { pathname } = new URL(response.url, location.href)
    if (response.ok && signIn.test(pathname)) {
      ui.preauthorizeApiKey('bearerAuth', JSON.parse(response.text).access)
    }
    if (response.ok && signOut.test(pathname)) ui.authActions.logout(['bearerAuth'])
    return response
  },
})
`

export const redocInit = `'use strict'
const root = document.getElementById('redoc')
const sans = 'system-ui, sans-serif'
Redoc.init(root.dataset.document, {
  hideDownloadButtons: false,
  theme: { typography: { fontFamily: sans, headings: { fontFamily: sans }, code: { fontFamily: 'ui-monospace, monospace' } } },
}, root)
`
