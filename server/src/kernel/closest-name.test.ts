import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { closestName } from './closest-name.ts'

const names = ['serve', 'migrate', 'PROPUSK_PORT', 'PROPUSK_HOST']

describe('closest name', () => {
  const cases: [presented: string, expected: string | undefined][] = [
    ['serv', 'serve'],
    ['sevre', 'serve'],
    ['migarte', 'migrate'],
    ['propusk_port', 'PROPUSK_PORT'],
    ['PROPUSK_PROT', 'PROPUSK_PORT'],
    ['banana', undefined],
    ['', undefined],
    ['s', undefined],
    ['serve'.repeat(1000), undefined],
  ]
  for (const [presented, expected] of cases) {
    it(`suggests ${expected ?? 'nothing'} for «${presented.slice(0, 20)}»`, () => {
      assert.equal(closestName(presented, names), expected)
    })
  }

  it('suggests nothing when there is nothing to choose from', () => {
    assert.equal(closestName('serve', []), undefined)
  })
})
