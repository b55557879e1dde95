import assert from 'node:assert/strict'
import type { ConsolePage, ConsoleWorld } from './console-world.ts'
import { type Effort, secondsOf } from './keystrokes.ts'
import { boundOf, type Task } from './task-bounds.ts'

export interface Counted extends ConsolePage {
  /** What has been pressed so far. */
  effort(): Effort
  /** Fails where the task took more clicks or seconds than it may, or a key less or more than is written down. */
  assertWithin(task: Task, expected: Effort): void
}

/**
 * Opens a browser in which each press of the mouse and of a key is counted where it arrives, in the page: by whatever means a
 * test presses. A field is chosen by the click into it or by the first key that it hears.
 */
export async function counted(
  world: ConsoleWorld,
  options: Parameters<ConsoleWorld['open']>[0],
): Promise<Counted> {
  const { at, ...rest } = options ?? {}
  const opened = await world.open(rest)
  const effort = { clicks: 0, keys: 0, decisions: 0 }
  await opened.context.exposeBinding('pressed', (_, kind: 'click' | 'key', isDecision: boolean) => {
    effort[kind === 'click' ? 'clicks' : 'keys'] += 1
    if (isDecision) effort.decisions += 1
  })
  await opened.context.addInitScript(() => {
    const { pressed } = globalThis as unknown as { pressed(kind: string, isDecision: boolean): void }
    let last: EventTarget | null = null
    addEventListener(
      'pointerdown',
      ({ target }) => {
        last = target
        pressed('click', true)
      },
      { capture: true },
    )
    addEventListener(
      'keydown',
      ({ target, key }) => {
        // The way from field to field is no choice of its own; what is typed there is.
        pressed('key', key !== 'Tab' && target !== last)
        if (key !== 'Tab') last = target
      },
      { capture: true },
    )
    // What is filled in without keys would not be counted.
    addEventListener(
      'input',
      event => {
        const isFilled = event instanceof InputEvent && (event.data?.length ?? 0) > 1
        if (isFilled) throw new Error('This was filled in at once: a person types key by key.')
      },
      { capture: true },
    )
  })
  if (at !== undefined) await opened.go(at)
  const assertWithin = (task: Task, expected: Effort) => {
    const bound = boundOf(task)
    const seconds = secondsOf(effort)
    const measured = `${JSON.stringify(effort)}: ${seconds} s, and may take ${JSON.stringify(bound)}`
    assert.ok(effort.clicks <= bound.clicks && seconds <= bound.seconds, `${task} takes ${measured}`)
    assert.deepEqual(effort, expected, `${task} takes ${measured}`)
  }
  return { ...opened, effort: () => ({ ...effort }), assertWithin }
}
