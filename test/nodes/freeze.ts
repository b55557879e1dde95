import pg from 'pg'

/** Stops every process of a PostgreSQL with SIGSTOP: its ports stay open and nobody answers. Gives the way to thaw it. */
export async function freezePostgres(url: string): Promise<() => void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const stopped: number[] = []
  const stop = (pid: number) => {
    process.kill(pid, 'SIGSTOP')
    stopped.push(pid)
  }
  const { rows: files } = await client.query<{ text: string }>(
    `select pg_read_file('postmaster.pid') as text`,
  )
  // The first, which starts the others: from here on there are no new ones.
  stop(Number.parseInt(files[0]!.text, 10))
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity')
  for (const { pid } of rows) stop(pid)
  return () => {
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    void client.end().catch(() => {})
  }
}
