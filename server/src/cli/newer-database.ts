/** What every command says of a database that it must leave alone; the migrations are those that this version cannot work with. */
export const newerDatabase = (unknown: readonly string[]): string =>
  `The database was migrated by a newer Propusk (${unknown.join(', ')}), and this version cannot work with that. Use that version or a newer one.`
