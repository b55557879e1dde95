import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCatalogueView, type KnownNames } from './catalogue-view.ts'

const names = (...resources: string[]): KnownNames => ({
  resources: new Set(resources),
  actions: new Set(['read']),
})

/** A store whose answers come when the test says so, and a clock that it moves. */
function world() {
  let nowMs = 1_000_000
  const questions: { answer: (names: KnownNames) => void; fail: (error: Error) => void }[] = []
  const readNames = () =>
    new Promise<KnownNames>((answer, fail) => {
      questions.push({ answer, fail })
    })
  const view = createCatalogueView(readNames, { nowMs: () => nowMs })
  return {
    view,
    questions,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

describe('the catalogue view', () => {
  test('many callers at once ask the store once', async () => {
    const { view, questions } = world()
    const both = [view.current(), view.current()]
    questions[0]!.answer(names('a'))
    assert.deepEqual(await Promise.all(both), [names('a'), names('a')])
    assert.equal(questions.length, 1)
    assert.equal(view.current() instanceof Promise, false, 'it is remembered')
  })

  test('what is a second old is asked for again', async () => {
    const { view, questions, pass } = world()
    const first = view.current()
    questions[0]!.answer(names('a'))
    await first
    pass(1_000)
    const second = view.current()
    questions[1]!.answer(names('a', 'b'))
    assert.deepEqual(await second, names('a', 'b'))
  })

  test('an answer to a question from before a change is not remembered', async () => {
    const { view, questions } = world()
    const before = view.current()
    view.drop()
    const after = view.current()
    questions[1]!.answer(names('new'))
    questions[0]!.answer(names('old'))
    assert.deepEqual(await before, names('old'))
    assert.deepEqual(await after, names('new'))
    assert.deepEqual(await view.current(), names('new'))
  })

  test('nothing is answered on old knowledge when the store fails, and the next caller asks again', async () => {
    const { view, questions, pass } = world()
    const first = view.current()
    questions[0]!.answer(names('a'))
    await first
    pass(1_000)
    const failing = view.current()
    questions[1]!.fail(new Error('gone'))
    await assert.rejects(async () => await failing, /gone/)
    const next = view.current()
    questions[2]!.answer(names('a'))
    assert.deepEqual(await next, names('a'))
  })
})
