create table actions (
  id bigint not null generated always as identity,
  name text collate "C" not null,
  code_name text collate "C" not null,
  description text collate "C",
  search_text text collate "C" not null,
  is_builtin boolean not null,
  name_key text collate "C",
  constraint actions_code_name_check CHECK ((code_name ~ '^[a-z][a-z0-9_.-]{0,99}$'::text)),
  constraint actions_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint actions_pkey PRIMARY KEY (id),
  constraint actions__code_name__key UNIQUE (code_name),
  constraint actions__name__key UNIQUE (name)
);

CREATE INDEX actions__name_key__index ON actions USING btree (COALESCE(
CASE
    WHEN ("right"(name_key, (length(name) + 1)) = (chr(1) || name)) THEN name_key
    ELSE name
END, ''::text), id);

create table api_key_permissions (
  api_key_id bigint not null,
  permission_id bigint not null,
  constraint api_key_permissions__api_key_id__fkey FOREIGN KEY (api_key_id) REFERENCES api_keys(id) ON DELETE CASCADE,
  constraint api_key_permissions__permission_id__fkey FOREIGN KEY (permission_id) REFERENCES permissions(id) ON DELETE CASCADE,
  constraint api_key_permissions__api_key_id__permission_id__key PRIMARY KEY (api_key_id, permission_id)
);

CREATE INDEX api_key_permissions__permission_id__index ON api_key_permissions USING btree (permission_id);

create table api_key_roles (
  api_key_id bigint not null,
  role_id bigint not null,
  constraint api_key_roles__api_key_id__fkey FOREIGN KEY (api_key_id) REFERENCES api_keys(id) ON DELETE CASCADE,
  constraint api_key_roles__role_id__fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE,
  constraint api_key_roles__api_key_id__role_id__key PRIMARY KEY (api_key_id, role_id)
);

CREATE INDEX api_key_roles__role_id__index ON api_key_roles USING btree (role_id);

create table api_keys (
  id bigint not null generated always as identity,
  owner_id bigint not null,
  prefix text collate "C" not null,
  secret_hash text collate "C" not null,
  previous_hash text collate "C",
  previous_until bigint,
  name text collate "C" not null,
  search_text text collate "C" not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  constraint api_keys_check CHECK (((previous_hash IS NULL) = (previous_until IS NULL))),
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_keys_prefix_check CHECK ((length(prefix) = 20)),
  constraint api_keys_previous_hash_check CHECK ((length(previous_hash) = 64)),
  constraint api_keys_secret_hash_check CHECK ((length(secret_hash) = 64)),
  constraint api_keys__owner_id__fkey FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys__prefix__key UNIQUE (prefix)
);

CREATE INDEX api_keys__name__index ON api_keys USING btree (name, id);

CREATE INDEX api_keys__owner_id__index ON api_keys USING btree (owner_id, id);

create table audit_anchor (
  name text collate "C" not null,
  checkpoint text collate "C" not null,
  constraint audit_anchor_name_check CHECK ((name = 'newest'::text)),
  constraint audit_anchor__name__key PRIMARY KEY (name)
);

create table audit_cuts (
  through_event_id bigint not null,
  seal_position bigint not null,
  seal_hash text collate "C" not null,
  event_count bigint not null,
  rule text collate "C" not null,
  cut_at bigint not null,
  key_id text collate "C" not null,
  signature text collate "C" not null,
  constraint audit_cuts_event_count_check CHECK ((event_count >= 1)),
  constraint audit_cuts_key_id_check CHECK (((length(key_id) >= 1) AND (length(key_id) <= 100))),
  constraint audit_cuts_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 100))),
  constraint audit_cuts_seal_hash_check CHECK ((length(seal_hash) = 64)),
  constraint audit_cuts_seal_position_check CHECK ((seal_position >= 1)),
  constraint audit_cuts__through_event_id__key PRIMARY KEY (through_event_id)
);

CREATE TRIGGER audit_cuts__no_delete BEFORE DELETE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION refuse_cut_change();

CREATE TRIGGER audit_cuts__no_truncate BEFORE TRUNCATE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION refuse_cut_change();

CREATE TRIGGER audit_cuts__no_update BEFORE UPDATE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION refuse_cut_change();

create table audit_events (
  id bigint not null generated always as identity,
  at bigint not null,
  actor bigint,
  action text collate "C" not null,
  target text collate "C",
  outcome text collate "C" not null,
  ip_address text collate "C",
  user_agent text collate "C",
  details text collate "C" not null,
  constraint audit_events_action_check CHECK (((length(action) >= 1) AND (length(action) <= 100))),
  constraint audit_events_ip_address_check CHECK ((length(ip_address) <= 64)),
  constraint audit_events_outcome_check CHECK ((outcome = ANY (ARRAY['success'::text, 'denied'::text, 'failure'::text]))),
  constraint audit_events_target_check CHECK ((length(target) <= 200)),
  constraint audit_events_actor_fkey FOREIGN KEY (actor) REFERENCES users(id) ON DELETE RESTRICT,
  constraint audit_events_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_events__action__at__index ON audit_events USING btree (action, at, id);

CREATE INDEX audit_events__action__index ON audit_events USING btree (action, id);

CREATE INDEX audit_events__actor__at__index ON audit_events USING btree (actor, at, id);

CREATE INDEX audit_events__actor__index ON audit_events USING btree (actor, id);

CREATE INDEX audit_events__at__index ON audit_events USING btree (at, id);

CREATE INDEX audit_events__ip_address__at__index ON audit_events USING btree (ip_address, at, id);

CREATE INDEX audit_events__outcome__at__index ON audit_events USING btree (outcome, at, id) WHERE (outcome <> 'success'::text);

CREATE INDEX audit_events__session_owner__at__index ON audit_events USING btree ("substring"(details, '"user_id":([0-9]+)'::text), at, id) WHERE (target ~~ 'sessions/%'::text);

CREATE INDEX audit_events__target__at__index ON audit_events USING btree (target, at, id);

CREATE INDEX audit_events__target__index ON audit_events USING btree (target, id);

CREATE TRIGGER audit_events__no_delete BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_uncut_delete();

CREATE TRIGGER audit_events__no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_events__no_update BEFORE UPDATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

create table audit_hours (
  hour_at bigint not null,
  action text collate "C" not null,
  count bigint not null,
  constraint audit_hours_action_check CHECK (((length(action) >= 1) AND (length(action) <= 100))),
  constraint audit_hours_count_check CHECK ((count >= 1)),
  constraint audit_hours_hour_at_check CHECK (((hour_at % (3600000)::bigint) = 0)),
  constraint audit_hours__hour_at__action__key PRIMARY KEY (hour_at, action)
);

create table audit_seals (
  position bigint not null,
  first_event_id bigint not null,
  last_event_id bigint not null,
  event_count bigint not null,
  previous_hash text collate "C" not null,
  hash text collate "C" not null,
  sealed_at bigint not null,
  key_id text collate "C" not null,
  signature text collate "C" not null,
  constraint audit_seals_check CHECK ((last_event_id >= first_event_id)),
  constraint audit_seals_event_count_check CHECK ((event_count >= 1)),
  constraint audit_seals_hash_check CHECK ((length(hash) = 64)),
  constraint audit_seals_key_id_check CHECK (((length(key_id) >= 1) AND (length(key_id) <= 100))),
  constraint audit_seals_position_check CHECK (("position" >= 1)),
  constraint audit_seals_previous_hash_check CHECK ((length(previous_hash) = 64)),
  constraint audit_seals__position__key PRIMARY KEY ("position"),
  constraint audit_seals__hash__key UNIQUE (hash),
  constraint audit_seals__last_event_id__key UNIQUE (last_event_id)
);

CREATE TRIGGER audit_seals__no_delete BEFORE DELETE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();

CREATE TRIGGER audit_seals__no_truncate BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();

CREATE TRIGGER audit_seals__no_update BEFORE UPDATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();

create table audit_tallies (
  name text collate "C" not null,
  from_id bigint not null,
  through_id bigint not null,
  constraint audit_tallies_check CHECK ((through_id >= from_id)),
  constraint audit_tallies_from_id_check CHECK ((from_id >= 0)),
  constraint audit_tallies_name_check CHECK ((name = 'hours'::text)),
  constraint audit_tallies__name__key PRIMARY KEY (name)
);

create table changes (
  id bigint not null generated always as identity,
  kind text collate "C" not null,
  session_uuid text collate "C",
  user_id bigint,
  details text collate "C" not null,
  created_at bigint not null,
  expires_at bigint not null,
  xact bigint default ((pg_current_xact_id())::text)::bigint,
  constraint changes_check CHECK ((expires_at > created_at)),
  constraint changes_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50))),
  constraint changes_session_uuid_check CHECK ((length(session_uuid) = 36)),
  constraint changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint changes_pkey PRIMARY KEY (id)
);

CREATE INDEX changes__expires_at__index ON changes USING btree (expires_at);

CREATE INDEX changes__others__index ON changes USING btree (expires_at) WHERE (kind <> 'session_ended'::text);

CREATE INDEX changes__xact__index ON changes USING btree (xact);

create table factors (
  id bigint not null generated always as identity,
  user_id bigint not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  created_at bigint not null,
  confirmed_at bigint,
  last_used_at bigint,
  encrypted_secret text collate "C",
  last_step bigint,
  credential_id text collate "C",
  public_key text collate "C",
  sign_count bigint,
  transports text collate "C",
  constraint factors_check CHECK (((kind = 'totp'::text) = (encrypted_secret IS NOT NULL))),
  constraint factors_check1 CHECK (((kind = 'passkey'::text) = ((credential_id IS NOT NULL) AND (public_key IS NOT NULL) AND (sign_count IS NOT NULL)))),
  constraint factors_kind_check CHECK ((kind = ANY (ARRAY['totp'::text, 'passkey'::text]))),
  constraint factors_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint factors__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint factors_pkey PRIMARY KEY (id),
  constraint factors__credential_id__key UNIQUE (credential_id)
);

CREATE INDEX factors__pending__index ON factors USING btree (created_at) WHERE (confirmed_at IS NULL);

CREATE INDEX factors__user_id__index ON factors USING btree (user_id, id);

create table forward_rules (
  id bigint not null generated always as identity,
  host text collate "C" not null,
  path text collate "C" not null,
  methods text collate "C" not null,
  access text collate "C" not null,
  permission_id bigint,
  search_text text collate "C" not null,
  created_at bigint not null,
  acr text collate "C",
  max_age_seconds bigint,
  constraint forward_rules_access_check CHECK ((access = ANY (ARRAY['public'::text, 'signed_in'::text, 'permission'::text]))),
  constraint forward_rules_check CHECK (((access = 'permission'::text) OR (permission_id IS NULL))),
  constraint forward_rules_host_check CHECK (((length(host) >= 1) AND (length(host) <= 255))),
  constraint forward_rules_methods_check CHECK ((length(methods) <= 100)),
  constraint forward_rules_path_check CHECK (((length(path) >= 1) AND (length(path) <= 1000))),
  constraint forward_rules__permission_id__fkey FOREIGN KEY (permission_id) REFERENCES permissions(id) ON DELETE SET NULL,
  constraint forward_rules_pkey PRIMARY KEY (id),
  constraint forward_rules__host__path__methods__key UNIQUE (host, path, methods)
);

CREATE INDEX forward_rules__host__index ON forward_rules USING btree (host, id);

CREATE INDEX forward_rules__permission_id__index ON forward_rules USING btree (permission_id);

create table invitation_roles (
  invitation_id bigint not null,
  role_id bigint not null,
  constraint invitation_roles__invitation_id__fkey FOREIGN KEY (invitation_id) REFERENCES invitations(id) ON DELETE CASCADE,
  constraint invitation_roles__role_id__fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE,
  constraint invitation_roles_pkey PRIMARY KEY (invitation_id, role_id)
);

CREATE INDEX invitation_roles__role_id__index ON invitation_roles USING btree (role_id);

create table invitations (
  id bigint not null generated always as identity,
  email text collate "C" not null,
  own_fields text collate "C" not null,
  locale text collate "C",
  inviter_id bigint not null,
  api_key_id bigint,
  created_at bigint not null,
  sent_at bigint not null,
  expires_at bigint not null,
  state text collate "C" not null,
  finished_at bigint,
  proof_id bigint not null,
  user_id bigint,
  constraint invitations_check CHECK (((state = 'pending'::text) = (finished_at IS NULL))),
  constraint invitations_check1 CHECK (((state = 'accepted'::text) = (user_id IS NOT NULL))),
  constraint invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 150))),
  constraint invitations_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'ru'::text]))),
  constraint invitations_own_fields_check CHECK ((length(own_fields) <= 4000)),
  constraint invitations_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'accepted'::text, 'revoked'::text, 'expired'::text]))),
  constraint invitations__inviter_id__fkey FOREIGN KEY (inviter_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint invitations__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint invitations_pkey PRIMARY KEY (id)
);

CREATE INDEX invitations__email__index ON invitations USING btree (email, id);

CREATE UNIQUE INDEX invitations__email__key ON invitations USING btree (email) WHERE (state = 'pending'::text);

CREATE INDEX invitations__expires_at__index ON invitations USING btree (expires_at);

CREATE INDEX invitations__inviter_id__index ON invitations USING btree (inviter_id);

CREATE INDEX invitations__proof_id__index ON invitations USING btree (proof_id);

CREATE INDEX invitations__user_id__index ON invitations USING btree (user_id);

create table leases (
  name text collate "C" not null,
  holder text collate "C",
  expires_at bigint not null,
  constraint leases_holder_check CHECK ((length(holder) = 36)),
  constraint leases_name_check CHECK (((length(name) >= 1) AND (length(name) <= 50))),
  constraint leases__name__key PRIMARY KEY (name)
);

create table ledger_epoch (
  id bigint not null,
  epoch text collate "C" not null,
  constraint ledger_epoch_epoch_check CHECK ((length(epoch) = 36)),
  constraint ledger_epoch_id_check CHECK ((id = 1)),
  constraint ledger_epoch__id__key PRIMARY KEY (id)
);

create table mail_outbox (
  id bigint not null generated always as identity,
  kind text collate "C" not null,
  locale text collate "C",
  to_email text collate "C" not null,
  user_id bigint,
  proof_id bigint,
  details text collate "C" not null,
  created_at bigint not null,
  attempts bigint not null,
  next_attempt_at bigint not null,
  state text collate "C" not null,
  finished_at bigint,
  last_error text collate "C",
  constraint mail_outbox_attempts_check CHECK ((attempts >= 0)),
  constraint mail_outbox_check CHECK (((state = 'pending'::text) = (finished_at IS NULL))),
  constraint mail_outbox_details_check CHECK ((length(details) <= 4000)),
  constraint mail_outbox_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50))),
  constraint mail_outbox_last_error_check CHECK ((length(last_error) <= 200)),
  constraint mail_outbox_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'ru'::text]))),
  constraint mail_outbox_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'dropped'::text]))),
  constraint mail_outbox_to_email_check CHECK (((length(to_email) >= 3) AND (length(to_email) <= 254))),
  constraint mail_outbox__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL,
  constraint mail_outbox_pkey PRIMARY KEY (id)
);

CREATE INDEX mail_outbox__due__index ON mail_outbox USING btree (next_attempt_at, id) WHERE (state = 'pending'::text);

CREATE INDEX mail_outbox__finished_at__index ON mail_outbox USING btree (finished_at);

CREATE INDEX mail_outbox__state__index ON mail_outbox USING btree (state, id);

CREATE INDEX mail_outbox__user_id__index ON mail_outbox USING btree (user_id);

create table mass_logouts (
  id bigint not null generated always as identity,
  before_at bigint not null,
  except_uuid text collate "C" not null,
  created_at bigint not null,
  finished_at bigint,
  constraint mass_logouts_check CHECK ((finished_at >= created_at)),
  constraint mass_logouts_except_uuid_check CHECK ((length(except_uuid) = 36)),
  constraint mass_logouts_pkey PRIMARY KEY (id)
);

create table nodes (
  id text collate "C" not null,
  started_at bigint not null,
  seen_at bigint not null,
  version text collate "C" not null,
  host text collate "C",
  constraint nodes_host_check CHECK (((length(host) >= 1) AND (length(host) <= 255))),
  constraint nodes_id_check CHECK ((length(id) = 36)),
  constraint nodes_version_check CHECK (((length(version) >= 1) AND (length(version) <= 50))),
  constraint nodes__id__key PRIMARY KEY (id)
);

CREATE INDEX nodes__seen_at__index ON nodes USING btree (seen_at, id);

create table permissions (
  id bigint not null generated always as identity,
  resource_id bigint not null,
  action_id bigint not null,
  constraint permissions_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(id) ON DELETE CASCADE,
  constraint permissions_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES resources(id) ON DELETE CASCADE,
  constraint permissions_pkey PRIMARY KEY (id),
  constraint permissions__resource_id__action_id__key UNIQUE (resource_id, action_id)
);

CREATE INDEX permissions__action_id__index ON permissions USING btree (action_id);

create table proofs (
  id bigint not null generated always as identity,
  kind text collate "C" not null,
  user_id bigint,
  email text collate "C" not null,
  created_at bigint not null,
  expires_at bigint not null,
  consumed_at bigint,
  wrong_codes bigint not null,
  details text collate "C" not null,
  constraint proofs_details_check CHECK ((length(details) <= 8000)),
  constraint proofs_email_check CHECK (((length(email) >= 3) AND (length(email) <= 150))),
  constraint proofs_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50))),
  constraint proofs_wrong_codes_check CHECK ((wrong_codes >= 0)),
  constraint proofs__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint proofs_pkey PRIMARY KEY (id)
);

CREATE INDEX proofs__email__index ON proofs USING btree (email, kind, id);

CREATE INDEX proofs__expires_at__index ON proofs USING btree (expires_at);

CREATE INDEX proofs__user_id__index ON proofs USING btree (user_id);

create table propusk_migrations (
  name text collate "C" not null,
  applied_at bigint not null,
  expands boolean not null default false,
  constraint propusk_migrations_pkey PRIMARY KEY (name)
);

create table recovery_codes (
  id bigint not null generated always as identity,
  user_id bigint not null,
  selector text collate "C" not null,
  code_hash text collate "C" not null,
  created_at bigint not null,
  used_at bigint,
  constraint recovery_codes__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint recovery_codes_pkey PRIMARY KEY (id)
);

CREATE INDEX recovery_codes__user_id__index ON recovery_codes USING btree (user_id, selector);

create table refresh_tokens (
  jti text collate "C" not null,
  session_id bigint not null,
  user_id bigint not null,
  issued_at bigint not null,
  expires_at bigint not null,
  is_revoked boolean not null,
  revoked_at bigint,
  ip_address text collate "C",
  user_agent text collate "C" not null,
  last_used_at bigint,
  spent_at bigint,
  successor_jti text collate "C",
  successor_sealed text collate "C",
  retry_key_hash text collate "C",
  constraint refresh_tokens_check CHECK ((expires_at > issued_at)),
  constraint refresh_tokens_check1 CHECK ((is_revoked = (revoked_at IS NOT NULL))),
  constraint refresh_tokens_check2 CHECK (((successor_jti IS NULL) OR (spent_at IS NOT NULL))),
  constraint refresh_tokens_check3 CHECK (((successor_sealed IS NULL) OR (successor_jti IS NOT NULL))),
  constraint refresh_tokens_ip_address_check CHECK ((length(ip_address) <= 64)),
  constraint refresh_tokens_jti_check CHECK ((length(jti) = 36)),
  constraint refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint refresh_tokens__jti__key PRIMARY KEY (jti)
);

CREATE INDEX refresh_tokens__expires_at__index ON refresh_tokens USING btree (expires_at);

CREATE INDEX refresh_tokens__session_id__index ON refresh_tokens USING btree (session_id);

create table remembered_devices (
  id bigint not null generated always as identity,
  user_id bigint not null,
  secret_hash text collate "C" not null,
  basis text collate "C" not null,
  created_at bigint not null,
  expires_at bigint not null,
  last_used_at bigint,
  ip_address text collate "C",
  user_agent text collate "C",
  constraint remembered_devices__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint remembered_devices_pkey PRIMARY KEY (id)
);

CREATE INDEX remembered_devices__expires_at__index ON remembered_devices USING btree (expires_at);

CREATE INDEX remembered_devices__user_id__index ON remembered_devices USING btree (user_id, id);

create table resources (
  id bigint not null generated always as identity,
  name text collate "C" not null,
  code_name text collate "C" not null,
  description text collate "C",
  search_text text collate "C" not null,
  is_builtin boolean not null,
  name_key text collate "C",
  constraint resources_code_name_check CHECK ((code_name ~ '^[a-z][a-z0-9_.-]{0,99}$'::text)),
  constraint resources_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint resources_pkey PRIMARY KEY (id),
  constraint resources__code_name__key UNIQUE (code_name),
  constraint resources__name__key UNIQUE (name)
);

CREATE INDEX resources__name_key__index ON resources USING btree (COALESCE(
CASE
    WHEN ("right"(name_key, (length(name) + 1)) = (chr(1) || name)) THEN name_key
    ELSE name
END, ''::text), id);

create table role_permissions (
  role_id bigint not null,
  permission_id bigint not null,
  constraint role_permissions_permission_id_fkey FOREIGN KEY (permission_id) REFERENCES permissions(id) ON DELETE CASCADE,
  constraint role_permissions_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE,
  constraint role_permissions__role_id__permission_id__key PRIMARY KEY (role_id, permission_id)
);

CREATE INDEX role_permissions__permission_id__index ON role_permissions USING btree (permission_id);

create table roles (
  id bigint not null generated always as identity,
  name text collate "C" not null,
  code_name text collate "C" not null,
  description text collate "C",
  search_text text collate "C" not null,
  name_key text collate "C",
  requires_aal text collate "C",
  constraint roles_code_name_check CHECK ((code_name ~ '^[a-z][a-z0-9_.-]{0,99}$'::text)),
  constraint roles_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint roles_pkey PRIMARY KEY (id),
  constraint roles__code_name__key UNIQUE (code_name),
  constraint roles__name__key UNIQUE (name)
);

CREATE INDEX roles__name_key__index ON roles USING btree (COALESCE(
CASE
    WHEN ("right"(name_key, (length(name) + 1)) = (chr(1) || name)) THEN name_key
    ELSE name
END, ''::text), id);

create table sessions (
  id bigint not null generated always as identity,
  uuid text collate "C" not null,
  user_id bigint not null,
  ip_address text collate "C" not null,
  user_agent text collate "C" not null,
  created_at bigint not null,
  last_used_at bigint not null,
  expires_at bigint not null,
  is_active boolean not null,
  ended_at bigint,
  end_reason text collate "C",
  auth_time bigint,
  acr text collate "C",
  amr text collate "C",
  idle_ms bigint,
  ends_at bigint,
  constraint sessions_acr_check CHECK ((acr = ANY (ARRAY['aal1'::text, 'aal2'::text]))),
  constraint sessions_check CHECK ((expires_at > created_at)),
  constraint sessions_check1 CHECK ((is_active = (ended_at IS NULL))),
  constraint sessions_check2 CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
  constraint sessions_end_reason_check CHECK ((length(end_reason) <= 50)),
  constraint sessions_ip_address_check CHECK ((length(ip_address) <= 64)),
  constraint sessions_uuid_check CHECK ((length(uuid) = 36)),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions__uuid__key UNIQUE (uuid)
);

CREATE INDEX sessions__created_at__index ON sessions USING btree (created_at, id);

CREATE INDEX sessions__end_reason__index ON sessions USING btree (COALESCE(end_reason, ''::text), id);

CREATE INDEX sessions__ended_at__index ON sessions USING btree (COALESCE(ended_at, (0)::bigint), id);

CREATE INDEX sessions__expires_at__id__index ON sessions USING btree (expires_at, id);

CREATE INDEX sessions__expires_at__index ON sessions USING btree (is_active, expires_at);

CREATE INDEX sessions__ip_address__index ON sessions USING btree (ip_address, id);

CREATE INDEX sessions__is_active__index ON sessions USING btree (is_active, id);

CREATE INDEX sessions__origin__index ON sessions USING btree (ended_at) WHERE ((ended_at IS NOT NULL) AND (ip_address <> ''::text));

CREATE INDEX sessions__user_agent__index ON sessions USING btree (user_agent, id);

CREATE INDEX sessions__user_id__id__index ON sessions USING btree (user_id, id);

CREATE INDEX sessions__user_id__index ON sessions USING btree (user_id, is_active);

create table setup_links (
  token_hash text collate "C" not null,
  printed_by text collate "C" not null,
  expires_at bigint not null,
  constraint setup_links_printed_by_check CHECK (((length(printed_by) >= 1) AND (length(printed_by) <= 300))),
  constraint setup_links_token_hash_check CHECK ((length(token_hash) = 64)),
  constraint setup_links__token_hash__key PRIMARY KEY (token_hash)
);

create table sign_in_tickets (
  id text collate "C" not null,
  secret_hash text collate "C" not null,
  user_id bigint not null,
  password_fingerprint text collate "C" not null,
  created_at bigint not null,
  expires_at bigint not null,
  attempts bigint not null,
  consumed_at bigint,
  first_step text collate "C",
  constraint sign_in_tickets_attempts_check CHECK ((attempts >= 0)),
  constraint sign_in_tickets__user_id__fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint sign_in_tickets_pkey PRIMARY KEY (id)
);

CREATE INDEX sign_in_tickets__expires_at__index ON sign_in_tickets USING btree (expires_at);

CREATE INDEX sign_in_tickets__user_id__index ON sign_in_tickets USING btree (user_id);

create table signing_keys (
  kid text collate "C" not null,
  algorithm text collate "C" not null,
  public_jwk text collate "C" not null,
  private_sealed text collate "C" not null,
  created_at bigint not null,
  retired_at bigint,
  sequence bigint,
  state text collate "C",
  signs_at bigint,
  published_until bigint,
  constraint signing_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['ES256'::text, 'EdDSA'::text]))),
  constraint signing_keys_kid_check CHECK (((length(kid) >= 1) AND (length(kid) <= 100))),
  constraint signing_keys__kid__key PRIMARY KEY (kid)
);

create table throttle_counters (
  id bigint not null generated always as identity,
  kind text collate "C" not null,
  subject text collate "C" not null,
  failures bigint not null,
  counted_at bigint not null,
  blocked_until bigint,
  is_refused boolean not null,
  constraint throttle_counters_failures_check CHECK ((failures >= 0)),
  constraint throttle_counters_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 300))),
  constraint throttle_counters_pkey PRIMARY KEY (id),
  constraint throttle_counters__kind__subject__key UNIQUE (kind, subject)
);

CREATE INDEX throttle_counters__failures__index ON throttle_counters USING btree (failures, counted_at);

create table token_lives (
  life_ms bigint not null,
  signed_until bigint not null,
  constraint token_lives_life_ms_check CHECK ((life_ms > 0)),
  constraint token_lives__life_ms__key PRIMARY KEY (life_ms)
);

create table used_challenges (
  challenge text collate "C" not null,
  expires_at bigint not null,
  constraint used_challenges_pkey PRIMARY KEY (challenge)
);

CREATE INDEX used_challenges__expires_at__index ON used_challenges USING btree (expires_at);

create table user_roles (
  user_id bigint not null,
  role_id bigint not null,
  constraint user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE,
  constraint user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint user_roles__user_id__role_id__key PRIMARY KEY (user_id, role_id)
);

CREATE INDEX user_roles__role_id__index ON user_roles USING btree (role_id, user_id);

create table users (
  id bigint not null generated always as identity,
  email text collate "C" not null,
  password text collate "C" not null,
  first_name text collate "C",
  last_name text collate "C",
  middle_name text collate "C",
  is_active boolean not null,
  is_staff boolean not null,
  is_superuser boolean not null,
  date_joined bigint not null,
  last_login bigint,
  updated_at bigint not null,
  force_logout_at bigint,
  search_text text collate "C" not null,
  first_name_key text collate "C",
  last_name_key text collate "C",
  middle_name_key text collate "C",
  email_verified boolean not null default false,
  note text collate "C",
  constraint users_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 150)))),
  constraint users_first_name_check CHECK ((length(first_name) <= 150)),
  constraint users_last_name_check CHECK ((length(last_name) <= 150)),
  constraint users_middle_name_check CHECK ((length(middle_name) <= 150)),
  constraint users_password_check CHECK ((length(password) <= 128)),
  constraint users_pkey PRIMARY KEY (id),
  constraint users__email__key UNIQUE (email)
);

CREATE INDEX users__date_joined__index ON users USING btree (date_joined, id);

CREATE INDEX users__first_name__index ON users USING btree (COALESCE(first_name, ''::text), id);

CREATE INDEX users__first_name_key__index ON users USING btree (COALESCE(
CASE
    WHEN ("right"(first_name_key, (length(first_name) + 1)) = (chr(1) || first_name)) THEN first_name_key
    ELSE first_name
END, ''::text), id);

CREATE INDEX users__foreign_password__index ON users USING btree (password) WHERE (substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1'::text);

CREATE INDEX users__is_active__index ON users USING btree (is_active, id);

CREATE INDEX users__is_staff__index ON users USING btree (is_staff, id);

CREATE INDEX users__is_superuser__id__index ON users USING btree (is_superuser, id);

CREATE INDEX users__is_superuser__index ON users USING btree (is_superuser, is_active);

CREATE INDEX users__last_login__index ON users USING btree (COALESCE(last_login, (0)::bigint), id);

CREATE INDEX users__last_name__index ON users USING btree (COALESCE(last_name, ''::text), id);

CREATE INDEX users__last_name_key__index ON users USING btree (COALESCE(
CASE
    WHEN ("right"(last_name_key, (length(last_name) + 1)) = (chr(1) || last_name)) THEN last_name_key
    ELSE last_name
END, ''::text), id);

CREATE INDEX users__middle_name__index ON users USING btree (COALESCE(middle_name, ''::text), id);

CREATE INDEX users__middle_name_key__index ON users USING btree (COALESCE(
CASE
    WHEN ("right"(middle_name_key, (length(middle_name) + 1)) = (chr(1) || middle_name)) THEN middle_name_key
    ELSE middle_name
END, ''::text), id);

CREATE INDEX users__names_due__index ON users USING btree (id) WHERE (
CASE
    WHEN (COALESCE(first_name, ''::text) = ''::text) THEN (first_name_key IS NOT NULL)
    ELSE (("right"(first_name_key, (length(first_name) + 1)) = (chr(1) || first_name)) IS NOT TRUE)
END OR
CASE
    WHEN (COALESCE(last_name, ''::text) = ''::text) THEN (last_name_key IS NOT NULL)
    ELSE (("right"(last_name_key, (length(last_name) + 1)) = (chr(1) || last_name)) IS NOT TRUE)
END OR
CASE
    WHEN (COALESCE(middle_name, ''::text) = ''::text) THEN (middle_name_key IS NOT NULL)
    ELSE (("right"(middle_name_key, (length(middle_name) + 1)) = (chr(1) || middle_name)) IS NOT TRUE)
END);

CREATE INDEX users__search_text__index ON users USING gin (search_triples(search_text)) WITH (gin_pending_list_limit='256');

CREATE INDEX users__updated_at__index ON users USING btree (updated_at, id);

CREATE OR REPLACE FUNCTION refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit_events is append-only: a row is never changed and never deleted' using errcode = 'integrity_constraint_violation';
end
$function$
;

CREATE OR REPLACE FUNCTION refuse_cut_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit_cuts is append-only: a row is never changed and never deleted' using errcode = 'integrity_constraint_violation';
end
$function$
;

CREATE OR REPLACE FUNCTION refuse_seal_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit_seals is append-only: a row is never changed and never deleted' using errcode = 'integrity_constraint_violation';
end
$function$
;

CREATE OR REPLACE FUNCTION refuse_uncut_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select 1 from audit_cuts where through_event_id >= old.id) then
    return old;
  end if;
  raise exception 'audit_events is append-only: a row is never changed, and only deleted by a cut (audit_cuts)' using errcode = 'integrity_constraint_violation';
end
$function$
;

CREATE OR REPLACE FUNCTION search_triples(searched text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 1000
AS $function$
declare
  padded text := searched || '  ';
  triples text[];
begin
  for place in 1 .. length(searched) loop
    triples[place] := substr(padded, place, 3);
  end loop;
  return array_to_tsvector(triples);
end
$function$
;
