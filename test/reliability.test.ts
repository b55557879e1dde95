import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
const [, table = ''] = readFileSync('docs/reliability.md', 'utf8').split(
  '| promise | script | latest figure |\n|---|---|---|\n',
)
const rows = table
  .split('\n\n', 1)[0]!
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  .map(([, promise = '', commands = '']) => ({ promise, commands }))

describe('the table of docs/reliability.md', () => {
  const promises = rows.filter(({ promise }) => !promise.startsWith('**'))

  it('holds a promise for each part of what is asked', () => {
    assert.ok(promises.length >= 16, String(promises.length))
    assert.equal(rows.length - promises.length, 4)
  })

  for (const { promise, commands } of promises) {
    it(`names a script that is there and runs tests that are there: ${promise.slice(0, 60)}`, () => {
      const named = [...commands.matchAll(/`npm run ([a-z]+)(?: -- ([a-z]+))?/g)]
      assert.ok(named.length > 0, commands)
      for (const [, name = '', bench] of named) {
        const script = scripts[name]
        assert.ok(script !== undefined, `npm run ${name}`)
        const files = [...script.matchAll(/[\w./*-]+\.ts/g)].map(([file]) => file)
        assert.ok(files.length > 0, script)
        for (const file of files) assert.ok(globSync(file).length > 0, `${name}: ${file}`)
        if (name === 'bench') assert.match(readFileSync('bench/run.ts', 'utf8'), new RegExp(`\\b${bench}\\b`))
      }
    })
  }
})
