import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { testApp } from './testing/test-app.ts'

const root = await mkdtemp(join(tmpdir(), 'propusk-pages-'))
after(() => rm(root, { recursive: true }))

const html = `<!doctype html><meta property="csp-nonce" content="__CSP_NONCE__">
<style nonce="__CSP_NONCE__"></style><script type="module" src="/console/assets/index-a1b2.js"></script>`
const script = `console.log(${JSON.stringify('x'.repeat(2_000))})`

/** A built site of these files in a directory of its own. */
async function built(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const directory = join(root, name, 'dist')
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  return directory
}

const plain = {
  'index.html': html,
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/index-a1b2.js': script,
  'assets/index-a1b2.css': 'body{}',
  'assets/inter-a1b2.woff2': Buffer.from([1, 2, 3]),
}
const compressed = {
  ...plain,
  'assets/index-a1b2.js.br': brotliCompressSync(script),
  'assets/index-a1b2.js.gz': gzipSync(script),
}

describe('the page of the console', async () => {
  const { app } = testApp({ pagesDirectory: await built('page', plain) })
  const get = (url: string, headers = {}) => app.inject({ url, headers })

  it('is the same at every address below /console/ and /account/, and at their own', async () => {
    const first = await get('/console/')
    for (const url of [
      '/console',
      '/console/',
      '/console/users/7',
      '/console/roles/?search=a.b',
      '/account',
      '/account/',
      '/account/sessions/',
    ]) {
      const answer = await get(url)
      assert.equal(answer.statusCode, 200, url)
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
      assert.equal(answer.body.length, first.body.length)
    }
  })

  it('has a nonce of its own each time, in the page and in its policy', async () => {
    const nonces = new Set<string>()
    for (let times = 0; times < 3; times++) {
      const { body, headers } = await get('/console/')
      const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(String(headers['content-security-policy']))?.[1]
      assert.ok(nonce)
      assert.equal(body, html.replaceAll('__CSP_NONCE__', nonce))
      nonces.add(nonce)
    }
    assert.equal(nonces.size, 3)
  })

  it('loads scripts, styles and answers from its own host only, and lies in no frame', async () => {
    const { headers } = await get('/account/')
    const policy = String(headers['content-security-policy']).replace(/'nonce-[^']+'/, "'nonce'")
    assert.equal(
      policy,
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    )
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
  })

  it('is asked for again each time', async () => {
    const { headers } = await get('/console/')
    assert.deepEqual([headers['cache-control'], headers.etag], ['no-cache', undefined])
  })

  it('a browser at the root of the host is redirected to the console; a program gets 404', async () => {
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    assert.deepEqual([browser.statusCode, browser.headers.location], [302, '/console/'])
    const foreign = await get('/?next=//evil.example', { accept: 'text/html', host: 'evil.example' })
    assert.equal(foreign.headers.location, '/console/')
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const answer = await get('/', headers)
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'not_found'])
      assert.match(String(answer.headers.vary), /\bAccept\b/)
    }
  })

  it('takes GET and HEAD, and nothing else', async () => {
    const head = await app.inject({ method: 'HEAD', url: '/console/' })
    assert.deepEqual([head.statusCode, head.body], [200, ''])
    const posted = await app.inject({ method: 'POST', url: '/console/users/' })
    assert.deepEqual([posted.statusCode, posted.headers.allow], [405, 'GET, HEAD, OPTIONS'])
  })
})

describe('a file of the console', async () => {
  const directory = await built('files', compressed)
  await writeFile(join(directory, '../secret.txt'), 'secret')
  await writeFile(join(directory, '.env'), 'secret')
  await writeFile(join(directory, 'assets/program.exe'), 'secret')
  await symlink(join(directory, '../secret.txt'), join(directory, 'link.txt'))
  const { app } = testApp({ pagesDirectory: directory })
  const get = (url: string, headers = {}) => app.inject({ url, headers })
  const asset = '/console/assets/index-a1b2.js'

  it('a file of the console whose name holds a hash of its content is cached for ever', async () => {
    for (const [url, type] of [
      [asset, 'application/javascript; charset=utf-8'],
      ['/console/assets/index-a1b2.css', 'text/css; charset=utf-8'],
      ['/console/assets/inter-a1b2.woff2', 'font/woff2'],
    ] as const) {
      const answer = await get(url)
      assert.equal(answer.statusCode, 200, url)
      assert.equal(answer.headers['content-type'], type)
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    }
  })

  it('is compared with the copy that the browser has where its name does not', async () => {
    const first = await get('/console/favicon.svg')
    assert.equal(first.headers['content-type'], 'image/svg+xml')
    assert.equal(first.headers['cache-control'], 'no-cache')
    const again = await get('/console/favicon.svg', { 'if-none-match': String(first.headers.etag) })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
  })

  it('comes in the best coding that lies there and that the client takes', async () => {
    const cases: readonly [string | undefined, string | undefined][] = [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['GZIP;q=0.5', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['br;q=0.0,gzip; q=0', undefined],
      ['identity', undefined],
      ['brotli', undefined],
      ['', undefined],
      [undefined, undefined],
    ]
    for (const [accepted, expected] of cases) {
      const answer = await get(asset, { ...(accepted !== undefined && { 'accept-encoding': accepted }) })
      assert.equal(answer.headers['content-encoding'], expected, String(accepted))
      assert.match(String(answer.headers.vary), /\bAccept-Encoding\b/)
      const decode = expected === 'br' ? brotliDecompressSync : expected === 'gzip' ? gunzipSync : undefined
      assert.equal((decode?.(answer.rawPayload) ?? answer.rawPayload).toString(), script)
      assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length)
    }
    const single = await get('/console/assets/index-a1b2.css', { 'accept-encoding': 'br' })
    assert.equal(single.headers['content-encoding'], undefined)
  })

  it('has a tag for each coding', async () => {
    const tags = ['br', 'gzip', 'identity'].map(
      async coding => (await get(asset, { 'accept-encoding': coding })).headers.etag,
    )
    assert.equal(new Set(await Promise.all(tags)).size, 3)
  })

  it('that is not in the list is nowhere, however its path is written', async () => {
    for (const url of [
      '/console/assets/unknown-a1b2.js',
      '/console/assets/',
      '/console/assets',
      '/console/assets/program.exe',
      '/console/.env',
      '/console/link.txt',
      '/console/../secret.txt',
      '/console/assets/../../secret.txt',
      '/console/%2e%2e/secret.txt',
      '/console/..%2fsecret.txt',
      '/console/assets/..%2f..%2fsecret.txt',
      '/console/assets%2findex-a1b2.js/..%2f..%2fsecret.txt',
      '/console/..%5csecret.txt',
      '/console/secret.txt%00.svg',
      '/console//etc/passwd.txt',
      '/console/__proto__.js',
    ]) {
      const answer = await get(url)
      assert.ok([400, 404].includes(answer.statusCode), `${url} ${answer.statusCode}`)
      assert.doesNotMatch(answer.body, /secret$/)
    }
  })
})

describe('pages that are not built', () => {
  it('say how to build them, and are there as soon as they are', async () => {
    const directory = join(root, 'later', 'dist')
    const { app } = testApp({ pagesDirectory: directory })
    for (const url of ['/console/', '/account/', '/console/assets/a.js']) {
      const { statusCode, body } = await app.inject({ url })
      assert.equal(statusCode, 404, url)
      assert.match(JSON.parse(body).detail, /npm run build -w console/)
    }
    await built('later', plain)
    assert.equal((await app.inject({ url: '/console/' })).statusCode, 200)
  })

  it('may be built anew while the server runs', async () => {
    const directory = await built('anew', plain)
    const { app } = testApp({ pagesDirectory: directory })
    assert.equal((await app.inject({ url: '/console/' })).statusCode, 200)
    await rm(directory, { recursive: true })
    await built('anew', { 'index.html': html.replace('a1b2', 'c3d4'), 'assets/index-c3d4.js': script })
    assert.equal((await app.inject({ url: '/console/assets/index-a1b2.js' })).statusCode, 404)
    assert.match((await app.inject({ url: '/console/' })).body, /c3d4/)
    assert.equal((await app.inject({ url: '/console/assets/index-c3d4.js' })).statusCode, 200)
  })

  it('are not there where no directory is given', async () => {
    assert.equal((await testApp().app.inject({ url: '/console/' })).statusCode, 404)
  })
})
