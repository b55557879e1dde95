CREATE TABLE actions (
  id integer primary key autoincrement,
  name text not null constraint actions__name__key unique check (length(name) between 1 and 100),
  code_name text not null constraint actions__code_name__key unique
    check (length(code_name) <= 100 and code_name glob '[a-z]*' and code_name not glob '*[^a-z0-9_.-]*'),
  description text,
  search_text text not null,
  is_builtin integer not null check (is_builtin in (0, 1))
, name_key text) strict;

CREATE INDEX actions__name_key__index on actions (coalesce(case when substr(name_key, -length(name) - 1) = char(1) || name then name_key else name end, ''), id);

CREATE TABLE api_key_permissions (
  api_key_id integer not null constraint api_key_permissions__api_key_id__fkey references api_keys (id) on delete cascade,
  permission_id integer not null constraint api_key_permissions__permission_id__fkey references permissions (id) on delete cascade,
  constraint api_key_permissions__api_key_id__permission_id__key primary key (api_key_id, permission_id)
) strict, without rowid;

CREATE INDEX api_key_permissions__permission_id__index on api_key_permissions (permission_id);

CREATE TABLE api_key_roles (
  api_key_id integer not null constraint api_key_roles__api_key_id__fkey references api_keys (id) on delete cascade,
  role_id integer not null constraint api_key_roles__role_id__fkey references roles (id) on delete cascade,
  constraint api_key_roles__api_key_id__role_id__key primary key (api_key_id, role_id)
) strict, without rowid;

CREATE INDEX api_key_roles__role_id__index on api_key_roles (role_id);

CREATE TABLE api_keys (
  id integer primary key autoincrement,
  owner_id integer not null constraint api_keys__owner_id__fkey references users (id) on delete restrict,
  prefix text not null constraint api_keys__prefix__key unique check (length(prefix) = 20),
  secret_hash text not null check (length(secret_hash) = 64),
  previous_hash text check (length(previous_hash) = 64),
  previous_until integer,
  name text not null check (length(name) between 1 and 100),
  search_text text not null,
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  check ((previous_hash is null) = (previous_until is null))
) strict;

CREATE INDEX api_keys__name__index on api_keys (name, id);

CREATE INDEX api_keys__owner_id__index on api_keys (owner_id, id);

CREATE TABLE audit_anchor (
  name text not null constraint audit_anchor__name__key primary key check (name = 'newest'),
  checkpoint text not null
) strict, without rowid;

CREATE TABLE audit_cuts (
  through_event_id integer not null constraint audit_cuts__through_event_id__key primary key,
  seal_position integer not null check (seal_position >= 1),
  seal_hash text not null check (length(seal_hash) = 64),
  event_count integer not null check (event_count >= 1),
  rule text not null check (length(rule) between 1 and 100),
  cut_at integer not null,
  key_id text not null check (length(key_id) between 1 and 100),
  signature text not null
) strict, without rowid;

CREATE TRIGGER audit_cuts__no_delete before delete on audit_cuts
begin
  select raise(abort, 'audit_cuts is append-only: a row is never changed and never deleted');
end;

CREATE TRIGGER audit_cuts__no_update before update on audit_cuts
begin
  select raise(abort, 'audit_cuts is append-only: a row is never changed and never deleted');
end;

CREATE TABLE audit_events (
  id integer primary key autoincrement,
  at integer not null,
  actor integer references users (id) on delete restrict,
  action text not null check (length(action) between 1 and 100),
  target text check (length(target) <= 200),
  outcome text not null check (outcome in ('success', 'denied', 'failure')),
  ip_address text check (length(ip_address) <= 64),
  user_agent text,
  details text not null
) strict;

CREATE INDEX audit_events__action__at__index on audit_events (action, at, id);

CREATE INDEX audit_events__action__index on audit_events (action, id);

CREATE INDEX audit_events__actor__at__index on audit_events (actor, at, id);

CREATE INDEX audit_events__actor__index on audit_events (actor, id);

CREATE INDEX audit_events__at__index on audit_events (at, id);

CREATE INDEX audit_events__ip_address__at__index on audit_events (ip_address, at, id);

CREATE INDEX audit_events__outcome__at__index on audit_events (outcome, at, id) where outcome <> 'success';

CREATE INDEX audit_events__session_owner__at__index on audit_events ((json_extract(details, '$.user_id')), at, id) where target like 'sessions/%';

CREATE INDEX audit_events__target__at__index on audit_events (target, at, id);

CREATE INDEX audit_events__target__index on audit_events (target, id);

CREATE TRIGGER audit_events__no_delete before delete on audit_events
when not exists (select 1 from audit_cuts where through_event_id >= old.id)
begin
  select raise(abort, 'audit_events is append-only: a row is never changed, and only deleted by a cut (audit_cuts)');
end;

CREATE TRIGGER audit_events__no_update before update on audit_events
begin
  select raise(abort, 'audit_events is append-only: a row is never changed and never deleted');
end;

CREATE TABLE audit_hours (
  hour_at integer not null check (hour_at % 3600000 = 0),
  action text not null check (length(action) between 1 and 100),
  count integer not null check (count >= 1),
  constraint audit_hours__hour_at__action__key primary key (hour_at, action)
) strict, without rowid;

CREATE TABLE audit_seals (
  position integer not null constraint audit_seals__position__key primary key check (position >= 1),
  first_event_id integer not null,
  last_event_id integer not null,
  event_count integer not null check (event_count >= 1),
  previous_hash text not null check (length(previous_hash) = 64),
  hash text not null constraint audit_seals__hash__key unique check (length(hash) = 64),
  sealed_at integer not null,
  key_id text not null check (length(key_id) between 1 and 100),
  signature text not null,
  constraint audit_seals__last_event_id__key unique (last_event_id),
  check (last_event_id >= first_event_id)
) strict, without rowid;

CREATE TRIGGER audit_seals__no_delete before delete on audit_seals
begin
  select raise(abort, 'audit_seals is append-only: a row is never changed and never deleted');
end;

CREATE TRIGGER audit_seals__no_update before update on audit_seals
begin
  select raise(abort, 'audit_seals is append-only: a row is never changed and never deleted');
end;

CREATE TABLE audit_tallies (
  name text not null constraint audit_tallies__name__key primary key check (name = 'hours'),
  from_id integer not null check (from_id >= 0),
  through_id integer not null,
  check (through_id >= from_id)
) strict, without rowid;

CREATE TABLE changes (
  id integer primary key autoincrement,
  kind text not null check (length(kind) between 1 and 50),
  session_uuid text check (length(session_uuid) = 36),
  user_id integer references users (id) on delete restrict,
  details text not null,
  created_at integer not null,
  expires_at integer not null, xact integer,
  check (expires_at > created_at)
) strict;

CREATE INDEX changes__expires_at__index on changes (expires_at);

CREATE INDEX changes__others__index on changes (expires_at) where kind <> 'session_ended';

CREATE TABLE factors (
  id integer primary key autoincrement,
  user_id integer not null constraint factors__user_id__fkey references users (id) on delete restrict,
  kind text not null check (kind in ('totp', 'passkey')),
  name text not null check (length(name) between 1 and 100),
  created_at integer not null,
  confirmed_at integer,
  last_used_at integer,
  encrypted_secret text,
  last_step integer,
  credential_id text constraint factors__credential_id__key unique,
  public_key text,
  sign_count integer,
  transports text,
  check ((kind = 'totp') = (encrypted_secret is not null)),
  check ((kind = 'passkey') = (credential_id is not null and public_key is not null and sign_count is not null))
) strict;

CREATE INDEX factors__pending__index on factors (created_at) where confirmed_at is null;

CREATE INDEX factors__user_id__index on factors (user_id, id);

CREATE TABLE forward_rules (
  id integer primary key autoincrement,
  host text not null check (length(host) between 1 and 255),
  path text not null check (length(path) between 1 and 1000),
  methods text not null check (length(methods) <= 100),
  access text not null check (access in ('public', 'signed_in', 'permission')),
  permission_id integer constraint forward_rules__permission_id__fkey references permissions (id) on delete set null,
  search_text text not null,
  created_at integer not null, acr text, max_age_seconds integer,
  constraint forward_rules__host__path__methods__key unique (host, path, methods),
  check (access = 'permission' or permission_id is null)
) strict;

CREATE INDEX forward_rules__host__index on forward_rules (host, id);

CREATE INDEX forward_rules__permission_id__index on forward_rules (permission_id);

CREATE TABLE invitation_roles (
  invitation_id integer not null constraint invitation_roles__invitation_id__fkey references invitations (id) on delete cascade,
  role_id integer not null constraint invitation_roles__role_id__fkey references roles (id) on delete cascade,
  primary key (invitation_id, role_id)
) strict, without rowid;

CREATE INDEX invitation_roles__role_id__index on invitation_roles (role_id);

CREATE TABLE invitations (
  id integer primary key autoincrement,
  email text not null check (length(email) between 3 and 150),
  own_fields text not null check (length(own_fields) <= 4000),
  locale text check (locale in ('en', 'ru')),
  inviter_id integer not null constraint invitations__inviter_id__fkey references users (id) on delete restrict,
  api_key_id integer,
  created_at integer not null,
  sent_at integer not null,
  expires_at integer not null,
  state text not null check (state in ('pending', 'accepted', 'revoked', 'expired')),
  finished_at integer,
  proof_id integer not null,
  user_id integer constraint invitations__user_id__fkey references users (id) on delete restrict,
  check ((state = 'pending') = (finished_at is null)),
  check ((state = 'accepted') = (user_id is not null))
) strict;

CREATE INDEX invitations__email__index on invitations (email, id);

CREATE UNIQUE INDEX invitations__email__key on invitations (email) where state = 'pending';

CREATE INDEX invitations__expires_at__index on invitations (expires_at);

CREATE INDEX invitations__inviter_id__index on invitations (inviter_id);

CREATE INDEX invitations__proof_id__index on invitations (proof_id);

CREATE INDEX invitations__user_id__index on invitations (user_id);

CREATE TABLE leases (
  name text not null constraint leases__name__key primary key check (length(name) between 1 and 50),
  holder text check (length(holder) = 36),
  expires_at integer not null
) strict, without rowid;

CREATE TABLE mail_outbox (
  id integer primary key autoincrement,
  kind text not null check (length(kind) between 1 and 50),
  locale text check (locale in ('en', 'ru')),
  to_email text not null check (length(to_email) between 3 and 254),
  user_id integer constraint mail_outbox__user_id__fkey references users (id) on delete set null,
  proof_id integer,
  details text not null check (length(details) <= 4000),
  created_at integer not null,
  attempts integer not null check (attempts >= 0),
  next_attempt_at integer not null,
  state text not null check (state in ('pending', 'sent', 'failed', 'dropped')),
  finished_at integer,
  last_error text check (length(last_error) <= 200),
  check ((state = 'pending') = (finished_at is null))
) strict;

CREATE INDEX mail_outbox__due__index on mail_outbox (next_attempt_at, id) where state = 'pending';

CREATE INDEX mail_outbox__finished_at__index on mail_outbox (finished_at);

CREATE INDEX mail_outbox__state__index on mail_outbox (state, id);

CREATE INDEX mail_outbox__user_id__index on mail_outbox (user_id);

CREATE TABLE mass_logouts (
  id integer primary key autoincrement,
  before_at integer not null,
  except_uuid text not null check (length(except_uuid) = 36),
  created_at integer not null,
  finished_at integer check (finished_at >= created_at)
) strict;

CREATE TABLE nodes (
  id text not null constraint nodes__id__key primary key check (length(id) = 36),
  started_at integer not null,
  seen_at integer not null,
  version text not null check (length(version) between 1 and 50),
  host text check (length(host) between 1 and 255)
) strict, without rowid;

CREATE INDEX nodes__seen_at__index on nodes (seen_at, id);

CREATE TABLE permissions (
  id integer primary key autoincrement,
  resource_id integer not null references resources (id) on delete cascade,
  action_id integer not null references actions (id) on delete cascade,
  constraint permissions__resource_id__action_id__key unique (resource_id, action_id)
) strict;

CREATE INDEX permissions__action_id__index on permissions (action_id);

CREATE TABLE proofs (
  id integer primary key autoincrement,
  kind text not null check (length(kind) between 1 and 50),
  user_id integer constraint proofs__user_id__fkey references users (id) on delete cascade,
  email text not null check (length(email) between 3 and 150),
  created_at integer not null,
  expires_at integer not null,
  consumed_at integer,
  wrong_codes integer not null check (wrong_codes >= 0),
  details text not null check (length(details) <= 8000)
) strict;

CREATE INDEX proofs__email__index on proofs (email, kind, id);

CREATE INDEX proofs__expires_at__index on proofs (expires_at);

CREATE INDEX proofs__user_id__index on proofs (user_id);

CREATE TABLE propusk_migrations (name text not null primary key, applied_at integer not null, expands integer not null check (expands in (0, 1)) default false) strict;

CREATE TABLE recovery_codes (
  id integer primary key autoincrement,
  user_id integer not null constraint recovery_codes__user_id__fkey references users (id) on delete restrict,
  selector text not null,
  code_hash text not null,
  created_at integer not null,
  used_at integer
) strict;

CREATE INDEX recovery_codes__user_id__index on recovery_codes (user_id, selector);

CREATE TABLE refresh_tokens (
  jti text not null constraint refresh_tokens__jti__key primary key check (length(jti) = 36),
  session_id integer not null references sessions (id) on delete cascade,
  user_id integer not null references users (id) on delete restrict,
  issued_at integer not null,
  expires_at integer not null,
  is_revoked integer not null check (is_revoked in (0, 1)),
  revoked_at integer,
  ip_address text check (length(ip_address) <= 64),
  user_agent text not null,
  last_used_at integer,
  spent_at integer,
  successor_jti text,
  successor_sealed text, retry_key_hash text,
  check (expires_at > issued_at),
  check (is_revoked = (revoked_at is not null)),
  check (successor_jti is null or spent_at is not null),
  check (successor_sealed is null or successor_jti is not null)
) strict, without rowid;

CREATE INDEX refresh_tokens__expires_at__index on refresh_tokens (expires_at);

CREATE INDEX refresh_tokens__session_id__index on refresh_tokens (session_id);

CREATE TABLE remembered_devices (
  id integer primary key autoincrement,
  user_id integer not null constraint remembered_devices__user_id__fkey references users (id) on delete restrict,
  secret_hash text not null,
  basis text not null,
  created_at integer not null,
  expires_at integer not null,
  last_used_at integer,
  ip_address text,
  user_agent text
) strict;

CREATE INDEX remembered_devices__expires_at__index on remembered_devices (expires_at);

CREATE INDEX remembered_devices__user_id__index on remembered_devices (user_id, id);

CREATE TABLE resources (
  id integer primary key autoincrement,
  name text not null constraint resources__name__key unique check (length(name) between 1 and 100),
  code_name text not null constraint resources__code_name__key unique
    check (length(code_name) <= 100 and code_name glob '[a-z]*' and code_name not glob '*[^a-z0-9_.-]*'),
  description text,
  search_text text not null,
  is_builtin integer not null check (is_builtin in (0, 1))
, name_key text) strict;

CREATE INDEX resources__name_key__index on resources (coalesce(case when substr(name_key, -length(name) - 1) = char(1) || name then name_key else name end, ''), id);

CREATE TABLE role_permissions (
  role_id integer not null references roles (id) on delete cascade,
  permission_id integer not null references permissions (id) on delete cascade,
  constraint role_permissions__role_id__permission_id__key primary key (role_id, permission_id)
) strict, without rowid;

CREATE INDEX role_permissions__permission_id__index on role_permissions (permission_id);

CREATE TABLE roles (
  id integer primary key autoincrement,
  name text not null constraint roles__name__key unique check (length(name) between 1 and 100),
  code_name text not null constraint roles__code_name__key unique
    check (length(code_name) <= 100 and code_name glob '[a-z]*' and code_name not glob '*[^a-z0-9_.-]*'),
  description text,
  search_text text not null
, name_key text, requires_aal text) strict;

CREATE INDEX roles__name_key__index on roles (coalesce(case when substr(name_key, -length(name) - 1) = char(1) || name then name_key else name end, ''), id);

CREATE TABLE sessions (
  id integer primary key autoincrement,
  uuid text not null constraint sessions__uuid__key unique check (length(uuid) = 36),
  user_id integer not null references users (id) on delete restrict,
  ip_address text not null check (length(ip_address) <= 64),
  user_agent text not null,
  created_at integer not null,
  last_used_at integer not null,
  expires_at integer not null,
  is_active integer not null check (is_active in (0, 1)),
  ended_at integer,
  end_reason text check (length(end_reason) <= 50), auth_time integer, acr text check (acr in ('aal1', 'aal2')), amr text, idle_ms integer, ends_at integer,
  check (expires_at > created_at),
  check (is_active = (ended_at is null)),
  check ((ended_at is null) = (end_reason is null))
) strict;

CREATE INDEX sessions__created_at__index on sessions (created_at, id);

CREATE INDEX sessions__end_reason__index on sessions (coalesce(end_reason, ''), id);

CREATE INDEX sessions__ended_at__index on sessions (coalesce(ended_at, 0), id);

CREATE INDEX sessions__expires_at__id__index on sessions (expires_at, id);

CREATE INDEX sessions__expires_at__index on sessions (is_active, expires_at);

CREATE INDEX sessions__ip_address__index on sessions (ip_address, id);

CREATE INDEX sessions__is_active__index on sessions (is_active, id);

CREATE INDEX sessions__last_used_at__index on sessions (last_used_at, id);

CREATE INDEX sessions__origin__index on sessions (ended_at) where ended_at is not null and ip_address <> '';

CREATE INDEX sessions__user_agent__index on sessions (user_agent, id);

CREATE INDEX sessions__user_id__id__index on sessions (user_id, id);

CREATE INDEX sessions__user_id__index on sessions (user_id, is_active);

CREATE TABLE setup_links (
  token_hash text not null constraint setup_links__token_hash__key primary key check (length(token_hash) = 64),
  printed_by text not null check (length(printed_by) between 1 and 300),
  expires_at integer not null
) strict, without rowid;

CREATE TABLE sign_in_tickets (
  id text primary key,
  secret_hash text not null,
  user_id integer not null constraint sign_in_tickets__user_id__fkey references users (id) on delete restrict,
  password_fingerprint text not null,
  created_at integer not null,
  expires_at integer not null,
  attempts integer not null check (attempts >= 0),
  consumed_at integer
, first_step text) strict, without rowid;

CREATE INDEX sign_in_tickets__expires_at__index on sign_in_tickets (expires_at);

CREATE INDEX sign_in_tickets__user_id__index on sign_in_tickets (user_id);

CREATE TABLE signing_keys (
  kid text not null constraint signing_keys__kid__key primary key check (length(kid) between 1 and 100),
  algorithm text not null check (algorithm in ('ES256', 'EdDSA')),
  public_jwk text not null,
  private_sealed text not null,
  created_at integer not null,
  retired_at integer
, sequence integer, state text, signs_at integer, published_until integer) strict, without rowid;

CREATE TABLE "throttle_counters" (
  id integer primary key autoincrement,
  kind text not null,
  subject text not null check (length(subject) between 1 and 300),
  failures integer not null check (failures >= 0),
  counted_at integer not null,
  blocked_until integer,
  is_refused integer not null check (is_refused in (0, 1)),
  constraint throttle_counters__kind__subject__key unique (kind, subject)
) strict;

CREATE INDEX throttle_counters__failures__index on throttle_counters (failures, counted_at);

CREATE TABLE token_lives (
  life_ms integer not null constraint token_lives__life_ms__key primary key check (life_ms > 0),
  signed_until integer not null
) strict, without rowid;

CREATE TABLE used_challenges (
  challenge text primary key,
  expires_at integer not null
) strict, without rowid;

CREATE INDEX used_challenges__expires_at__index on used_challenges (expires_at);

CREATE TABLE user_roles (
  user_id integer not null references users (id) on delete restrict,
  role_id integer not null references roles (id) on delete cascade,
  constraint user_roles__user_id__role_id__key primary key (user_id, role_id)
) strict, without rowid;

CREATE INDEX user_roles__role_id__index on user_roles (role_id, user_id);

CREATE TABLE users (
  id integer primary key autoincrement,
  email text not null
    constraint users__email__key unique
    check (email = lower(email) and length(email) between 3 and 150),
  password text not null check (length(password) <= 128),
  first_name text check (length(first_name) <= 150),
  last_name text check (length(last_name) <= 150),
  middle_name text check (length(middle_name) <= 150),
  is_active integer not null check (is_active in (0, 1)),
  is_staff integer not null check (is_staff in (0, 1)),
  is_superuser integer not null check (is_superuser in (0, 1)),
  date_joined integer not null,
  last_login integer,
  updated_at integer not null,
  force_logout_at integer,
  search_text text not null
, first_name_key text, last_name_key text, middle_name_key text, email_verified integer not null default 0 check (email_verified in (0, 1)), note text) strict;

CREATE INDEX users__date_joined__index on users (date_joined, id);

CREATE INDEX users__first_name__index on users (coalesce(first_name, ''), id);

CREATE INDEX users__first_name_key__index on users (coalesce(case when substr(first_name_key, -length(first_name) - 1) = char(1) || first_name then first_name_key else first_name end, ''), id);

CREATE INDEX users__foreign_password__index on users (password)
where substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1';

CREATE INDEX users__is_active__index on users (is_active, id);

CREATE INDEX users__is_staff__index on users (is_staff, id);

CREATE INDEX users__is_superuser__id__index on users (is_superuser, id);

CREATE INDEX users__is_superuser__index on users (is_superuser, is_active);

CREATE INDEX users__last_login__index on users (coalesce(last_login, 0), id);

CREATE INDEX users__last_name__index on users (coalesce(last_name, ''), id);

CREATE INDEX users__last_name_key__index on users (coalesce(case when substr(last_name_key, -length(last_name) - 1) = char(1) || last_name then last_name_key else last_name end, ''), id);

CREATE INDEX users__middle_name__index on users (coalesce(middle_name, ''), id);

CREATE INDEX users__middle_name_key__index on users (coalesce(case when substr(middle_name_key, -length(middle_name) - 1) = char(1) || middle_name then middle_name_key else middle_name end, ''), id);

CREATE INDEX users__names_due__index on users (id) where case when coalesce(first_name, '') = '' then first_name_key is not null else (substr(first_name_key, -length(first_name) - 1) = char(1) || first_name) is not true end or case when coalesce(last_name, '') = '' then last_name_key is not null else (substr(last_name_key, -length(last_name) - 1) = char(1) || last_name) is not true end or case when coalesce(middle_name, '') = '' then middle_name_key is not null else (substr(middle_name_key, -length(middle_name) - 1) = char(1) || middle_name) is not true end;

CREATE INDEX users__updated_at__index on users (updated_at, id);

CREATE TRIGGER users__search_delete after delete on users
begin
  insert into users_search (users_search, rowid, text) values ('delete', old.id, old.search_text || '  ');
end;

CREATE TRIGGER users__search_insert after insert on users
begin
  insert into users_search (rowid, text) values (new.id, new.search_text || '  ');
end;

CREATE TRIGGER users__search_update after update of search_text on users
when old.search_text <> new.search_text
begin
  insert into users_search (users_search, rowid, text) values ('delete', old.id, old.search_text || '  ');
  insert into users_search (rowid, text) values (new.id, new.search_text || '  ');
end;

CREATE VIRTUAL TABLE users_search using fts5 (
  text, content = 'users_searched', content_rowid = 'id', tokenize = 'trigram case_sensitive 1',
  detail = none, columnsize = 0
);

CREATE TABLE 'users_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'users_search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'users_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE VIRTUAL TABLE users_search_terms using fts5vocab (users_search, instance);

CREATE VIEW users_searched as select id, search_text || '  ' as text from users;
