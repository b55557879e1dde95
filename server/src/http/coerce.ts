import type { JsonSchema } from './json-schema.ts'

const integer = /^(0|-?[1-9][0-9]*)$/

/**
 * The texts of a path or a query as the values that their schema speaks of. There is one spelling per value:
 * `01`, `+1`, `1e3`, `0x1`, ` 1`, `-0` and what a double cannot hold exactly stay text, and the validation
 * that follows refuses them as no integer.
 */
export function coerceTexts(texts: Iterable<readonly [string, string]>, schema: JsonSchema): object {
  const values: Record<string, unknown> = Object.create(null)
  const known = schema.properties ?? {}
  for (const [name, text] of texts) {
    values[name] = Object.hasOwn(known, name) ? coerceText(text, known[name]) : text
  }
  return values
}

function coerceText(text: string, schema: JsonSchema | undefined): unknown {
  switch (schema?.type) {
    case 'integer': {
      const value = Number(text)
      return integer.test(text) && Number.isSafeInteger(value) ? value : text
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    default:
      return text
  }
}
