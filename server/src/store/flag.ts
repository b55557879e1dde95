/**
 * A truth value as a column has it. SQLite has no booleans: its driver binds true and false as 1 and 0, and adapters read
 * them back with `Boolean(…)`.
 */
export type Flag = boolean | 0 | 1
