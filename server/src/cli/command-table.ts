import type { Command, CommandName, CommandOf } from './command.ts'

/** What parsing found beside the words of the command's name. */
export interface Found {
  readonly operands: readonly string[]
  readonly flags: ReadonlySet<string>
  /** Of switches that take a value, what followed them. */
  readonly values: ReadonlyMap<string, string>
}

/** A switch with a value: the value's name, and a sentence. */
export interface ValueOption {
  readonly value: string
  readonly meaning: string
}

/** One command as plain data: the same row parses it, lists it and explains it. */
export interface CommandSpec<Understood extends Command = Command> {
  readonly summary: string
  /** What it does and what one has to know, in whole sentences. */
  readonly description: string
  /** Names of what has to follow, in order. */
  readonly operands: readonly string[]
  /** Names of what may follow after that. */
  readonly optionalOperands?: readonly string[]
  /** Switches without a value, with a sentence each. */
  readonly flags: Readonly<Record<string, string>>
  /** Switches that take a value. */
  /** Switches that are followed by a value. */
  readonly values?: Readonly<Record<string, ValueOption>>
  readonly examples: readonly string[]
  /** Whether `--help` lists the settings: for the commands by which a server starts. */
  readonly showsSettings?: true
  /** INVARIANT: called only with as many operands as the row names, and with flags that it knows. */
  read(found: Found): Understood
}

const operand = (found: Found, position: number): string => found.operands[position] ?? ''

const commandTable: { readonly [Name in CommandName]: CommandSpec<CommandOf<Name>> } = {
  serve: {
    summary: 'start the server',
    description: `Starts the server and serves until Ctrl-C. On an empty database it applies the migrations first and
says how to make the first superuser.`,
    operands: [],
    flags: {},
    examples: ['propusk serve', 'PROPUSK_PORT=0 propusk serve'],
    showsSettings: true,
    read: () => ({ name: 'serve' }),
  },
  migrate: {
    summary: 'bring the database to the present schema',
    description: `Applies the migrations that the database lacks, all or none of each. Does nothing when there are none;
safe to run again and beside running servers.`,
    operands: [],
    flags: {},
    examples: ['propusk migrate'],
    read: () => ({ name: 'migrate' }),
  },
  demo: {
    summary: 'start the server with demo data',
    description: `Fills the database with the demo accounts, roles and two small protected APIs, starts the server and
serves until Ctrl-C. A second run on the same database adds nothing twice. The demo accounts have known
passwords: never run it where others can reach it.`,
    operands: [],
    flags: {},
    examples: ['propusk demo'],
    showsSettings: true,
    read: () => ({ name: 'demo' }),
  },
  'user create': {
    summary: 'make an account',
    description: `Makes an account. Its password is asked for twice without showing it, or read from standard input when
that is not a terminal: one line, of which nothing but the line's end is cut off. A password is never
taken from the command line, where other users of the machine could see it.`,
    operands: ['EMAIL'],
    flags: {
      superuser: 'the account may do everything',
      staff: 'the account is staff: it sees the documents when PROPUSK_DOCS=staff',
    },
    examples: [
      'propusk user create ann@example.org --superuser',
      'propusk user create ann@example.org < password.txt',
    ],
    read: found => ({
      name: 'user create',
      email: operand(found, 0),
      superuser: found.flags.has('superuser'),
      staff: found.flags.has('staff'),
    }),
  },
  'user list': {
    summary: 'list the accounts',
    description: 'Lists every account with its state and roles, oldest first.',
    operands: [],
    flags: {},
    examples: ['propusk user list'],
    read: () => ({ name: 'user list' }),
  },
  'user deactivate': {
    summary: 'close an account and log it out everywhere',
    description: `Closes an account: it is logged out everywhere at once and cannot sign in. The account's row stays, and
its address stays taken. The last active superuser cannot be closed.`,
    operands: ['EMAIL'],
    flags: {},
    examples: ['propusk user deactivate ann@example.org'],
    read: found => ({ name: 'user deactivate', email: operand(found, 0) }),
  },
  'keys rotate': {
    summary: 'publish the next signing key, which signs some minutes later',
    description: `Publishes the next signing key and says when it will sign: once no cache of the key set can be without it.
Then the present key is retired; it stays published until the last token it signed has expired. Nobody is
logged out, and running servers need no restart; one of them makes the change. With --now the next key signs
at once, for a cause such as a stolen key: services that verify tokens with a cached key set refuse new tokens
for up to two minutes.`,
    operands: [],
    flags: { now: 'the next key signs at once, also where verifiers do not know it yet' },
    examples: ['propusk keys rotate', 'propusk keys rotate --now'],
    read: found => ({ name: 'keys rotate', now: found.flags.has('now') }),
  },
  'audit verify': {
    summary: 'look whether anybody has changed the audit',
    description: `Compares every sealed event of the audit with its seal, and every seal with the one before and with its
signature. Says which events were changed, removed or added, and exits with 1 then. That the newest seals were
removed, with their events, only a checkpoint shows that was kept elsewhere. Also beside a running server.`,
    operands: [],
    flags: {},
    values: { checkpoint: { value: 'FILE', meaning: 'what audit checkpoint gave: the chain must hold it' } },
    examples: ['propusk audit verify', 'propusk audit verify --checkpoint /mnt/elsewhere/monday.json'],
    read: found => ({ name: 'audit verify', checkpoint: found.values.get('checkpoint') }),
  },
  'audit checkpoint': {
    summary: 'give the newest seal of the audit, to be kept elsewhere',
    description: `Writes the newest seal of the audit, signed, as JSON: into FILE, which must not exist yet, or on standard
output. Kept where nobody who can write to the database reaches it, it proves what the audit held. It holds no
secret and nothing about anybody.`,
    operands: [],
    optionalOperands: ['FILE'],
    flags: {},
    examples: ['propusk audit checkpoint /mnt/elsewhere/monday.json', 'propusk audit checkpoint | logger'],
    read: found => ({ name: 'audit checkpoint', file: found.operands[0] }),
  },
  backup: {
    summary: 'copy the SQLite database and its key while the server runs',
    description: `Copies the SQLite database into FILE, also while a server runs on it, and the master key into FILE.key unless
PROPUSK_MASTER_KEY is set. The copy is checked before it gets its name, and no file is ever overwritten. Who has
both files can sign tokens and read everything. PostgreSQL is backed up with its own tools, such as pg_dump.`,
    operands: ['FILE'],
    flags: {},
    examples: ['propusk backup /var/backups/propusk-monday.db'],
    read: found => ({ name: 'backup', file: operand(found, 0) }),
  },
  restore: {
    summary: 'put a backup in the place of the SQLite database',
    description: `Puts the backup FILE, and FILE.key with it, in the place of the SQLite database, which no server may have
open. The database that was there is kept beside, under a name that ends with .before-restore- and the time. What
ended since the backup, sessions and accounts, is alive again after it.`,
    operands: ['FILE'],
    flags: {},
    examples: ['propusk restore /var/backups/propusk-monday.db'],
    read: found => ({ name: 'restore', file: operand(found, 0) }),
  },
  move: {
    summary: 'move the SQLite database to PostgreSQL',
    description: `Copies the SQLite database, which no server may have open, into an empty PostgreSQL database, with every id,
session, key and audit event, and compares both sides row by row before anything of it counts. Applies the
migrations there. Until it has ended, and whenever it fails, the target holds no row of it; the SQLite file is only
read. A URL with a password is better given in PROPUSK_MOVE_TO than on the command line, where other users of the
machine can see it.`,
    operands: [],
    flags: {},
    values: { to: { value: 'URL', meaning: 'the target: postgres://user:password@host:port/name' } },
    examples: [
      'propusk move --to postgres://propusk@db.example.org/propusk',
      'PROPUSK_MOVE_TO="$(cat url.txt)" propusk move',
    ],
    read: found => ({ name: 'move', to: found.values.get('to') }),
  },
  doctor: {
    summary: 'check settings, database and keys',
    description: `Checks the settings, the database, its migrations and the signing keys, changes nothing, and says of each
whether it is in order and what to do if it is not. Exits with 1 when something is wrong.`,
    operands: [],
    flags: {},
    examples: ['propusk doctor'],
    showsSettings: true,
    read: () => ({ name: 'doctor' }),
  },
}

export const commandNames = Object.keys(commandTable) as readonly CommandName[]

/** The row of a command, its type forgotten: what lists and parses commands treats all alike. */
export const specOf = (name: CommandName): CommandSpec => commandTable[name]

/** Every switch that takes a value, of any command: the word after it is no word of its own. */
export const valueOptionNames: readonly string[] = commandNames.flatMap(name =>
  Object.keys(specOf(name).values ?? {}),
)
