import type { Versioned } from '@propusk/client'

/** A row with the version that a change can rest on; without one where only a list has shown it yet. */
export type WithVersion<Row> = Row & { readonly etag?: string | undefined }

export async function withVersion<Row>(reading: Promise<Versioned<Row>>): Promise<WithVersion<Row>> {
  const { value, etag } = await reading
  return { ...value, etag }
}
