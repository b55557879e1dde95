import type { CallInput, Client } from './client.ts'
import type { OperationId, Operations } from './types.ts'

interface Page<Row> {
  readonly next: string | null
  readonly results: readonly Row[]
}

/** The operations that answer with a page of a list. */
export type ListId = {
  [Id in OperationId]: Operations[Id]['success'] extends Page<unknown>
    ? Operations[Id]['query'] extends { readonly cursor?: string }
      ? Id
      : never
    : never
}[OperationId]

/** A row of a list. */
export type RowOf<Id extends ListId> = Operations[Id]['success'] extends Page<infer Row> ? Row : never

type ListArguments<Id extends ListId> =
  Partial<CallInput<Id>> extends CallInput<Id> ? [input?: CallInput<Id>] : [input: CallInput<Id>]

/**
 * The rows of a list, page after page: each is read when the rows before it have been taken. It follows the signed cursor
 * of `next` (ADR 7), so that rows that come and go meanwhile shift no page. `query.limit` is the size of a page.
 */
export async function* rowsOf<Id extends ListId>(
  client: Pick<Client, 'call'>,
  id: Id,
  ...[input]: ListArguments<Id>
): AsyncGenerator<RowOf<Id>, void, undefined> {
  let query = (input as { query?: object } | undefined)?.query ?? {}
  for (;;) {
    const call = client.call as (id: Id, input: unknown) => Promise<Page<RowOf<Id>>>
    const page = await call(id, { ...input, query })
    yield* page.results
    if (page.next === null) return
    const cursor = new URL(page.next, 'http://list.invalid').searchParams.get('cursor')
    if (cursor === null) throw new TypeError(`The next page of ${id} has no cursor: ${page.next}`)
    query = { ...query, cursor }
  }
}
