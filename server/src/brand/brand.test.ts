import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { ConfigError } from '../config/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'propusk-brand-'))
const fileOf = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}
const readBrand = async (env: Record<string, string>) => (await testWorld({ env })).call('GET', '/brand/')

describe('the brand', () => {
  it('is ours unless it is set', async () => {
    const { status, body } = await readBrand({})
    assert.deepEqual([status, body], [200, { name: 'Propusk', color: null, logo: null }])
  })

  it('is read by every caller, with its logo as an address that the pages may show', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    const { body, headers } = await readBrand({
      PROPUSK_BRAND_NAME: 'Acme <b>',
      PROPUSK_BRAND_COLOR: '0A5CBF',
      PROPUSK_BRAND_LOGO: fileOf('logo.svg', svg),
    })
    const logo = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
    assert.deepEqual(body, { name: 'Acme <b>', color: '#0a5cbf', logo })
    assert.equal(headers['cache-control'], 'public, max-age=300')
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20)])
    const other = await readBrand({ PROPUSK_BRAND_LOGO: fileOf('logo.png', png) })
    assert.match(other.body.logo, /^data:image\/png;base64,/)
  })

  for (const [what, path, fault] of [
    ['that is not there', '/nowhere/logo.svg', /ENOENT/],
    [
      'that is a web page',
      fileOf('page.svg', '<html><script>alert(1)</script></html>'),
      /neither an SVG nor a PNG/,
    ],
    ['that is too large', fileOf('large.svg', `<svg>${' '.repeat(70_000)}</svg>`), /larger than 64 KiB/],
  ] as const) {
    it(`stops the start with one line for a logo ${what}`, () =>
      assert.rejects(readBrand({ PROPUSK_BRAND_LOGO: path }), (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.equal(error.mistakes.length, 1)
        assert.match(error.mistakes[0]!, /^PROPUSK_BRAND_LOGO is wrong: /)
        assert.match(error.mistakes[0]!, fault)
        return true
      }))
  }
})
