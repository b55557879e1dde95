import { type FieldErrors, invalidField, type Message, message, Refusal } from '../kernel/index.ts'
import { isStorable } from './storable.ts'

/** Far above any body of ours, far below what could exhaust a stack further on. */
const maxDepth = 20
/** A body can hold thousands of faults; nobody reads more than these. */
const maxReported = 50

/** Names that change what an object is when a careless copy meets them. */
const poisonousKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The value of a JSON text that has one reading only (RFC 8259, and RFC 7493 section 2 for what it leaves
 * open): UTF-8 without a BOM, no key twice in one object, no text that cannot be stored, bounded nesting.
 * Anything else is a Refusal 400 that names the field.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  const value = parse(text)
  const errors = scan(text)
  if (errors !== undefined) throw new Refusal('invalid_request', { errors })
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw invalidField('body', message('body.not_utf8'))
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidField('body', message('body.not_json'))
  }
}

/** One open object or list while the text is read from left to right. */
interface Frame {
  /** The keys seen so far; undefined in a list. */
  readonly keys: Set<string> | undefined
  /** The key or the index that the next value belongs to. */
  at: string | number
  expectsKey: boolean
}

/** INVARIANT: `text` was accepted by JSON.parse, so that brackets, strings and commas stand where they must. */
function scan(text: string): FieldErrors | undefined {
  const errors = new Map<string, Message[]>()
  const frames: Frame[] = []
  const report = (key: Parameters<typeof message>[0]) => {
    const field = frames.map(frame => frame.at).join('.') || 'body'
    if (errors.size < maxReported) errors.set(field, [message(key)])
  }
  for (let index = 0; index < text.length; index++) {
    const frame = frames.at(-1)
    switch (text[index]) {
      case '{':
        frames.push({ keys: new Set(), at: '', expectsKey: true })
        break
      case '[':
        frames.push({ keys: undefined, at: 0, expectsKey: false })
        break
      case '}':
      case ']':
        frames.pop()
        break
      case ',':
        if (frame?.keys) frame.expectsKey = true
        else if (frame) frame.at = Number(frame.at) + 1
        break
      case '"': {
        const end = endOfString(text, index)
        judgeString(JSON.parse(text.slice(index, end + 1)) as string, frame, report)
        index = end
      }
    }
    if (frames.length > maxDepth) return { body: [message('body.too_deep')] }
  }
  return errors.size === 0 ? undefined : Object.fromEntries(errors)
}

function judgeString(
  value: string,
  frame: Frame | undefined,
  report: (key: Parameters<typeof message>[0]) => void,
) {
  if (frame?.keys && frame.expectsKey) {
    frame.at = value
    frame.expectsKey = false
    if (frame.keys.has(value)) report('body.duplicate_key')
    else if (poisonousKeys.has(value)) report('field.unknown')
    frame.keys.add(value)
  }
  if (!isStorable(value)) report('field.character')
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index
}
