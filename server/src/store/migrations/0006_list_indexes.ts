import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import type { Migration } from './migration.ts'

/**
 * The index behind a search: which accounts hold which three characters in a row. Two blanks are put behind the text, so
 * that its last characters begin a triple as well, and a search of one or two characters is a range of triples. It only
 * names candidates: what is searched for is compared with the text itself.
 */
const searchIndex: Record<Engine, string[]> = {
  sqlite: [
    `create view users_searched as select id, search_text || '  ' as text from users`,
    // No positions, as the text is compared anyway: a third of the size.
    `create virtual table users_search using fts5 (
  text, content = 'users_searched', content_rowid = 'id', tokenize = 'trigram case_sensitive 1',
  detail = none, columnsize = 0
)`,
    `create virtual table users_search_terms using fts5vocab (users_search, instance)`,
    // Triggers, so that a release that knows nothing of the index keeps it right. A sign-in sets none of this.
    `create trigger users__search_insert after insert on users
begin
  insert into users_search (rowid, text) values (new.id, new.search_text || '  ');
end`,
    `create trigger users__search_update after update of search_text on users
when old.search_text <> new.search_text
begin
  insert into users_search (users_search, rowid, text) values ('delete', old.id, old.search_text || '  ');
  insert into users_search (rowid, text) values (new.id, new.search_text || '  ');
end`,
    `create trigger users__search_delete after delete on users
begin
  insert into users_search (users_search, rowid, text) values ('delete', old.id, old.search_text || '  ');
end`,
    // New entries are merged into the index in small pieces: with the default settings one registration in a thousand
    // waited a tenth of a second.
    `insert into users_search (users_search, rank) values ('automerge', 8)`,
    `insert into users_search (users_search, rank) values ('crisismerge', 64)`,
    `insert into users_search (users_search) values ('rebuild')`,
    // One piece, which no small one is merged with for a long time.
    `insert into users_search (users_search) values ('optimize')`,
  ],
  postgres: [
    // Of the core alone: the extension pg_trgm may be missing, or not be ours to create, and passes over every
    // character that the locale of the database calls no letter. The cost keeps the planner from calling it row by row.
    `create function search_triples(searched text) returns tsvector
language plpgsql immutable strict parallel safe cost 1000 as $$
declare
  padded text := searched || '  ';
  triples text[];
begin
  for place in 1 .. length(searched) loop
    triples[place] := substr(padded, place, 3);
  end loop;
  return array_to_tsvector(triples);
end
$$`,
    // What was written last waits in a list that every search reads through: a short one.
    `create index users__search_text__index on users using gin (search_triples(search_text))
with (gin_pending_list_limit = 256)`,
  ],
}

/** A list can be ordered by every column it shows; what is null is ordered as if empty. */
const orderings: Record<string, string> = {
  users__first_name__index: `users (coalesce(first_name, ''), id)`,
  users__last_name__index: `users (coalesce(last_name, ''), id)`,
  users__middle_name__index: `users (coalesce(middle_name, ''), id)`,
  users__is_active__index: 'users (is_active, id)',
  users__is_staff__index: 'users (is_staff, id)',
  users__is_superuser__id__index: 'users (is_superuser, id)',
  users__last_login__index: 'users (coalesce(last_login, 0), id)',
  users__updated_at__index: 'users (updated_at, id)',
  sessions__is_active__index: 'sessions (is_active, id)',
  sessions__expires_at__id__index: 'sessions (expires_at, id)',
  sessions__ip_address__index: 'sessions (ip_address, id)',
  sessions__user_agent__index: 'sessions (user_agent, id)',
  sessions__ended_at__index: 'sessions (coalesce(ended_at, 0), id)',
  sessions__end_reason__index: `sessions (coalesce(end_reason, ''), id)`,
}

/**
 * Lists and searches that do not grow with the number of accounts. On PostgreSQL sign-ins wait while these are made: a
 * minute for a million accounts.
 */
export const listIndexes: Migration = {
  name: '0006_list_indexes',
  expands: true,
  async up(trx, engine) {
    for (const [name, columns] of Object.entries(orderings)) {
      await sql.raw(`create index ${name} on ${columns}`).execute(trx)
    }
    for (const statement of searchIndex[engine]) await sql.raw(statement).execute(trx)
  },
}
