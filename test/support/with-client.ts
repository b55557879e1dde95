import pg from 'pg'

/** Works with a connection of its own, which is closed however the work ends. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The rows of one statement. */
export const rowsOf = (url: string, statement: string) =>
  withClient(url, async client => (await client.query(statement)).rows)
