/**
 * One write transaction over the stores that a use case needs. Throwing rolls back; returning commits, and the
 * promise resolves only when the commit is durable and this node's gate has heard of every change made in it.
 * `work` may run more than once (PostgreSQL, after a deadlock), so it has no effect outside the transaction.
 */
export type Transact<Stores> = <T>(work: (stores: Stores) => Promise<T>) => Promise<T>
