import { type FieldErrors, invalidField, type Message, message, Rejection } from '../kernel/index.ts'
import { isStorable } from './schema.ts'

/** Far above any body of ours, far below what could exhaust a stack further on. */
const maxDepth = 20
/** A body can hold thousands of faults. More than these are of no use to a reader. */
const maxReported = 50

/** Names that change what an object is when a careless copy meets them. */
const poisonousKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Made once: that costs more than to read a body with it, and nothing is left in it from one text to the next. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The value of a JSON text that has one reading only (RFC 8259, and RFC 7493 section 2 for what it leaves
 * open): UTF-8 without a BOM, no key twice in one object, no text that cannot be stored, bounded nesting.
 * Anything else is a Rejection 400 that names the field.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  const value = parse(text)
  const errors = scan(text)
  if (errors !== undefined) throw new Rejection('invalid_request', { errors })
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
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

type Report = (key: Parameters<typeof message>[0]) => void

const code = {
  quote: 34,
  comma: 44,
  openList: 91,
  backslash: 92,
  closeList: 93,
  openObject: 123,
  closeObject: 125,
}

/** INVARIANT: `text` was accepted by JSON.parse, so that brackets, strings and commas stand where they must. */
function scan(text: string): FieldErrors | undefined {
  const errors = new Map<string, Message[]>()
  const frames: Frame[] = []
  const report: Report = key => {
    const field = frames.map(frame => frame.at).join('.') || 'body'
    if (errors.size < maxReported) errors.set(field, [message(key)])
  }
  // Without an escape a string stands for itself, and holds neither a control character nor half of a surrogate pair.
  const isPlain = !text.includes('\\')
  let frame: Frame | undefined
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case code.openObject:
        frame = { keys: new Set(), at: '', expectsKey: true }
        if (frames.push(frame) > maxDepth) return { body: [message('body.too_deep')] }
        break
      case code.openList:
        frame = { keys: undefined, at: 0, expectsKey: false }
        if (frames.push(frame) > maxDepth) return { body: [message('body.too_deep')] }
        break
      case code.closeObject:
      case code.closeList:
        frames.pop()
        frame = frames.at(-1)
        break
      case code.comma:
        if (frame?.keys) frame.expectsKey = true
        else if (frame) frame.at = Number(frame.at) + 1
        break
      case code.quote: {
        const end = isPlain ? text.indexOf('"', index + 1) : endOfString(text, index)
        const isKey = frame?.expectsKey === true
        if (!isPlain || isKey) checkString(readString(text, index, end, isPlain), frame, report)
        index = end
      }
    }
  }
  return errors.size === 0 ? undefined : Object.fromEntries(errors)
}

function checkString(value: string, frame: Frame | undefined, report: Report) {
  if (frame?.keys && frame.expectsKey) {
    frame.at = value
    frame.expectsKey = false
    if (frame.keys.has(value)) report('body.duplicate_key')
    else if (poisonousKeys.has(value)) report('field.unknown')
    frame.keys.add(value)
  }
  if (!isStorable(value)) report('field.character')
}

const readString = (text: string, start: number, end: number, isPlain: boolean): string =>
  isPlain ? text.slice(start + 1, end) : (JSON.parse(text.slice(start, end + 1)) as string)

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (text.charCodeAt(index) !== code.quote) index += text.charCodeAt(index) === code.backslash ? 2 : 1
  return index
}
