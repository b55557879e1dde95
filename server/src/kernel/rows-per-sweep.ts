/**
 * How many rows one transaction of housekeeping changes at the most. SQLite works in the event loop, and each row is a page in
 * most of its indexes: at a hundred the commit, which writes those pages, takes some ten milliseconds (docs/performance.md).
 */
export const rowsPerSweep = 100
