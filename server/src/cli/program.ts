import { InvalidArgumentError } from 'commander'
import { settings } from '../config/index.ts'
import type { Command, CommandContext, CommandLine } from './command.ts'
import { isGroup, leavesOf, Program, usageOf } from './usage.ts'

/** Runs what was understood. */
type Call = (command: Command) => Promise<void>

/**
 * The command line for commander to parse: each command with its help, and the values that it hands on. Parsing throws
 * WrongUsage, or CommanderError with exit code 0 once it has written help or version.
 */
export function createProgram(
  { terminal, version, commandLine }: Omit<CommandContext, 'env'>,
  call: Call,
): Program {
  const program = new Program(commandLine(''))
  program
    .exitOverride()
    .helpCommand(false)
    // Behind the name of a command only its own options count.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: text => terminal.output.write(text),
      getOutHelpWidth: () => terminal.output.columns ?? 100,
    })
    .configureHelp({
      visibleCommands: leavesOf,
      subcommandTerm: usageOf,
      commandUsage: command => `${program.name()} ${usageOf(command)}`,
    })
    .helpOption('-h, --help', 'this text; after a command, what it does')
    .version(version, '--version', 'the version of propusk')
  addServers(program, commandLine, call)
  addAccounts(program, commandLine, call)
  addKeysAndAudit(program, commandLine, call)
  addCopies(program, commandLine, call)
  for (const group of [program, ...program.commands].filter(isGroup)) {
    group.addHelpText(
      'after',
      `\nSettings are environment variables or lines of a .env file: see ${commandLine('serve --help')}.`,
    )
  }
  return program
}

function addServers(program: Program, line: CommandLine, call: Call): void {
  program
    .command('serve')
    .summary('start the server')
    .description(
      'Starts the server and serves until Ctrl-C. On an empty database it applies the migrations first and says how to make the first superuser.',
    )
    .addHelpText('after', examples(line('serve'), `PROPUSK_PORT=0 ${line('serve')}`))
    .addHelpText('after', settingsText)
    .action(() => call({ name: 'serve' }))
  program
    .command('migrate')
    .summary('update the schema of the database')
    .description(
      'Applies the migrations that the database lacks, all or none of each. Does nothing when there are none; safe to run again and beside running servers.',
    )
    .addHelpText('after', examples(line('migrate')))
    .action(() => call({ name: 'migrate' }))
  program
    .command('demo')
    .summary('start the server with demo data')
    .description(
      'Fills the database with the demo accounts, roles and two small protected APIs, starts the server and serves until Ctrl-C. A second run on the same database adds nothing twice. The demo accounts have known passwords: never run it where others can reach it.',
    )
    .addHelpText('after', examples(line('demo')))
    .addHelpText('after', settingsText)
    .action(() => call({ name: 'demo' }))
  program
    .command('doctor')
    .summary('check settings, database and keys')
    .description(
      'Checks the settings, the database, its migrations, the signing keys and whether the audit is sealed, changes nothing, and says of each whether it is in order and what to do if it is not. Exits with 1 when something is wrong.',
    )
    .addHelpText('after', examples(line('doctor')))
    .addHelpText('after', settingsText)
    .action(() => call({ name: 'doctor' }))
}

function addAccounts(program: Program, line: CommandLine, call: Call): void {
  const user = program
    .command('user')
    .description('Creates, lists, deactivates and erases accounts, and helps a person who cannot sign in.')
  user
    .command('create')
    .summary('create an account')
    .description(
      "Creates an account. Its password is asked for twice and not shown, or read from standard input when that is not a terminal: one line, of which nothing but the line's end is cut off. A password is never taken from the command line, where other users of the machine could see it.",
    )
    .argument('<EMAIL>', 'its address', present)
    .option('--superuser', 'the account can do everything')
    .option(
      '--staff',
      'the account is staff: it can open the console, and the API documents when PROPUSK_DOCS=staff',
    )
    .addHelpText(
      'after',
      examples(
        line('user create ann@example.org --superuser'),
        line('user create ann@example.org < password.txt'),
      ),
    )
    .action((email: string, { superuser = false, staff = false }) =>
      call({ name: 'user create', email, superuser, staff }),
    )
  user
    .command('list')
    .summary('list the accounts')
    .description('Lists every account with its state and roles, oldest first.')
    .addHelpText('after', examples(line('user list')))
    .action(() => call({ name: 'user list' }))
  user
    .command('deactivate')
    .summary('deactivate an account and end all its sessions')
    .description(
      "Deactivates an account: all its sessions end at once, and it cannot sign in. The account's row stays, and its address stays taken. The last active superuser cannot be deactivated.",
    )
    .argument('<EMAIL>', 'its address', present)
    .addHelpText('after', examples(line('user deactivate ann@example.org')))
    .action((email: string) => call({ name: 'user deactivate', email }))
  user
    .command('erase')
    .summary('deactivate an account forever and remove what is known of its person')
    .description(
      'Deactivates an account forever and removes what is known of its person: address, names, password, last sign-in, roles, and the addresses and devices of its sessions. All its sessions end at once. Its row stays, under a made-up address, because the audit refers to it; the events of the audit stay as well, because their chain would break without them. The last active superuser cannot be erased. It cannot be undone.',
    )
    .argument('<EMAIL>', 'its address', present)
    .addHelpText('after', examples(line('user erase ann@example.org')))
    .action((email: string) => call({ name: 'user erase', email }))
  addRecovery(user, line, call)
}

/** For an operator who is locked out, or who helps a person who is. */
function addRecovery(user: Program, line: CommandLine, call: Call): void {
  user
    .command('promote')
    .summary('make an account a superuser')
    .description(
      'Makes an account a superuser, which can do everything: for the case that no superuser can sign in. Its password and its second factors stay as they are. Superuser privileges are revoked in the console.',
    )
    .argument('<EMAIL>', 'its address', present)
    .option(
      '--staff',
      'the account is staff, too: it can open the console, and the API documents when PROPUSK_DOCS=staff',
    )
    .addHelpText('after', examples(line('user promote ann@example.org')))
    .action((email: string, { staff = false }) => call({ name: 'user promote', email, staff }))
  user
    .command('reset-password')
    .summary('have the owner of an account choose a new password')
    .description(
      'The current password stops working, every session of the account ends, and its owner gets an email with a link that works once, for an hour. If this server sends no email, or with --link, the link is printed instead: anyone who opens it can choose the password. A second factor stays on and is still required.',
    )
    .argument('<EMAIL>', 'its address', present)
    .option('--link', 'print the link, even if this server sends email')
    .addHelpText(
      'after',
      examples(
        line('user reset-password ann@example.org'),
        line('user reset-password ann@example.org --link'),
      ),
    )
    .action((email: string, { link = false }) => call({ name: 'user reset-password', email, link }))
  user
    .command('reset-factors')
    .summary('remove every second factor of an account')
    .description(
      'Removes every second factor and recovery code of an account whose owner has lost all of them: the password alone is enough to sign in again, and the owner can set up new factors. Make sure that it is the owner who asks. The owner gets an email, if this server sends any; the event is in the audit.',
    )
    .argument('<EMAIL>', 'its address', present)
    .addHelpText('after', examples(line('user reset-factors ann@example.org')))
    .action((email: string) => call({ name: 'user reset-factors', email }))
}

function addKeysAndAudit(program: Program, line: CommandLine, call: Call): void {
  program
    .command('keys')
    .description('Manages the signing keys.')
    .command('rotate')
    .summary('publish the next signing key; it signs some minutes later')
    .description(
      'Publishes the next signing key and says when it will sign: when every cache of the key set has it. Then the current key is retired; it stays published until the last token it signed has expired. No session ends, and running servers need no restart; one of them makes the change. With --now the next key signs at once, for an emergency such as a stolen key: services that verify tokens with a cached key set refuse new tokens for up to two minutes.',
    )
    .option('--now', 'the next key signs at once, even if verifiers do not know it yet')
    .addHelpText('after', examples(line('keys rotate'), line('keys rotate --now')))
    .action(({ now = false }) => call({ name: 'keys rotate', now }))
  const audit = program
    .command('audit')
    .description('Checks that the audit is as it was written, and deletes old events.')
  audit
    .command('verify')
    .summary('check whether the audit was changed')
    .description(
      'Compares every sealed event of the audit with its seal, every seal with the one before and with its signature, and the chain with its anchors: the newest seal as it is kept in a table of its own, and beside a SQLite database in a file. Says which events were changed, removed or added, and then exits with 1. If the newest seals were removed together with their events and anchors, only a checkpoint kept elsewhere shows it. Can run beside a running server.',
    )
    .option('--checkpoint <FILE>', 'what audit checkpoint wrote: the chain must hold it', present)
    .addHelpText(
      'after',
      examples(line('audit verify'), line('audit verify --checkpoint /mnt/elsewhere/monday.json')),
    )
    .action(({ checkpoint }) => call({ name: 'audit verify', checkpoint }))
  audit
    .command('checkpoint')
    .summary('print the newest seal of the audit, to be kept elsewhere')
    .description(
      'Writes the newest seal of the audit, signed, as JSON: into FILE, which must not exist yet, or to standard output. Kept out of reach of anyone who can write to the database, it proves what the audit held. It holds no secret and no personal data.',
    )
    .argument('[FILE]', 'where to write it')
    .addHelpText(
      'after',
      examples(line('audit checkpoint /mnt/elsewhere/monday.json'), `${line('audit checkpoint')} | logger`),
    )
    .action((file: string | undefined) => call({ name: 'audit checkpoint', file }))
  audit
    .command('cut')
    .summary('delete the events of the audit from before a day')
    .description(
      'Permanently deletes the events of the audit that were sealed before a day (UTC), as PROPUSK_KEEP_AUDIT does automatically. A signed statement in the audit says up to which event, how many and by which rule; the seals stay, so that the rest can be verified as before. Events that are not as they were sealed are not deleted. Can run beside a running server.',
    )
    .requiredOption('--before <DATE>', 'the first day to keep, such as 2026-01-31', present)
    .addHelpText('after', examples(line('audit cut --before 2026-01-31')))
    .action(({ before }) => call({ name: 'audit cut', before }))
}

function addCopies(program: Program, line: CommandLine, call: Call): void {
  program
    .command('backup')
    .summary('copy the SQLite database and its key while the server runs')
    .description(
      'Copies the SQLite database into FILE, even while a server runs on it, and the master key into FILE.key unless PROPUSK_MASTER_KEY is set. The copy is checked before it gets its name, and no file is ever overwritten. Anyone who has both files can sign tokens and read everything. PostgreSQL is backed up with its own tools, such as pg_dump.',
    )
    .argument('<FILE>', 'where to write it', present)
    .addHelpText('after', examples(line('backup /var/backups/propusk-monday.db')))
    .action((file: string) => call({ name: 'backup', file }))
  program
    .command('restore')
    .summary('put a backup in the place of the SQLite database')
    .description(
      'Puts the backup FILE, and FILE.key with it, in the place of the SQLite database, which no server may have open. The former database is kept beside it, under a name that ends with .before-restore- and the time. Sessions and accounts that ended since the backup are active again.',
    )
    .argument('<FILE>', 'what backup wrote', present)
    .addHelpText('after', examples(line('restore /var/backups/propusk-monday.db')))
    .action((file: string) => call({ name: 'restore', file }))
  program
    .command('move')
    .summary('move the SQLite database to PostgreSQL')
    .description(
      'Copies the SQLite database, which no server may have open, into an empty PostgreSQL database, with every id, session, key and audit event, and compares both sides row by row before it commits. Applies the migrations there. Until it has finished, and if it fails, the target holds no row of it; the SQLite file is only read. Give a URL with a password in PROPUSK_MOVE_TO rather than on the command line, where other users of the machine can see it.',
    )
    .option('--to <URL>', 'the target: postgres://user:password@host:port/name', present)
    .addHelpText(
      'after',
      examples(
        line('move --to postgres://propusk@db.example.org/propusk'),
        `PROPUSK_MOVE_TO="$(cat url.txt)" ${line('move')}`,
      ),
    )
    .action(({ to }) => call({ name: 'move', to }))
}

/** As it was typed; a blank one is as good as missing. */
function present(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return text
}

const examples = (...lines: string[]): string => ['\nExamples:', ...lines].join('\n  ')

/** Every setting with its unit, its default and its sentence. */
function settingsText(): string {
  const rows = settings.map(({ name, default: value, unit, meaning }) => {
    const shownDefault = value === undefined || value === '' ? 'not set' : `default ${value}`
    return `  ${name} (${shownDefault})\n      ${meaning}\n      ${unit}`
  })
  return ['\nSettings:', ...rows].join('\n')
}
