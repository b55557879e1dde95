/**
 * Words that no declared name may hold, each with what to say instead: the word of the RFC, of the trade, or plain English
 * (docs/glossary.md).
 */
export const retiredWords: ReadonlyMap<string, string> = new Map(
  (
    [
      ['house houses', 'server, module, installation, housekeeping'],
      ['door doors', 'listener, sign-in'],
      ['visitor visitors', 'pending request, client'],
      ['patience patient impatient', 'timeout, timer'],
      ['surroundings', 'deps, context'],
      ['room rooms', 'module, resource, capacity'],
      ['shelf shelves', 'store'],
      ['happening happenings', 'event'],
      ['narrator', 'the name of what it adds or writes'],
      ['tell tells telling told untold', 'report, notify, send, publish; unreported'],
      ['hear hears heard unheard', 'receive, sync; received, synced'],
      ['silence', 'staleness, staleAfterMs, idleMs'],
      ['leash leashed', 'deadline'],
      ['forgive forgives forgiven forgave', 'succeeded, ignore'],
      ['withdraw withdraws withdrawn', 'cancel'],
      ['turnstile turnstiles', 'queue, semaphore'],
      ['guess guesses guessed guesser guessing', 'attempt, attacker'],
      ['spend spends spending spent unspent', 'consume, use; consumed'],
      ['successor successors heir heirs', 'next token, next'],
      ['judge judges judged judging judgement judgment', 'check, validate, verify, compare'],
      ['standing standings', 'grants; of a clock: stopped'],
      ['presence', 'revocations, heartbeat'],
      [
        'mark marks marked marker',
        'watermark, fingerprint, flag, sign; as a verb at the beginning it may stay',
      ],
      ['seal seals sealed sealing sealer unseal unsealed', 'encrypt, link (of the audit), sign'],
      ['book books', 'registry'],
      ['edition editions generation generations', 'version'],
      ['ground grounds', 'reason, reasons; of a test: testbed'],
      ['jar jars', 'cookies'],
      ['lapse lapsed lapses doomed', 'expired, ended'],
      ['regrant regrants', 'grantAgain, restore'],
      ['hot', 'prepared'],
      ['unindexed', 'hideFromIndex'],
      ['capable', 'authorized, users with the permission'],
      ['acting', 'actor, caller'],
      ['admit admits admitted admission', 'accept, authenticate, authorize'],
    ] as const
  ).flatMap(([words, instead]) => words.split(' ').map(word => [word, instead] as const)),
)

/** The same for two words that are retired only beside each other. */
export const retiredPairs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'give back': 'release, refund',
    'being live': 'liveSessions',
    'send away': 'reject',
    'under way': 'running, open, isBusy',
  }),
)

/** Names that hold such a word and stay, each with the reason. */
export const wordExceptions: readonly {
  readonly name: RegExp
  readonly path?: RegExp
  readonly because: string
}[] = [
  {
    name: /^(?:audit_seals|sealed_at|seal_hash|seal_position|private_sealed|spent_at|successor_jti|successor_sealed)$/,
    because: 'names of tables and columns',
  },
  {
    name: /^AuditSealsTable$/,
    path: /^server\/src\/store\/audit-tables\.ts$/,
    because: 'the type of a table has its name',
  },
  {
    name: /^auditSeals$/,
    path: /^server\/src\/store\/migrations\//,
    because: 'a released migration has its name',
  },
  { name: /^PROPUSK_GUESS(?:ES|_)/, because: 'a setting of the environment' },
  {
    name: /^automaticPresenceSimulation$/,
    path: /^test\/console\/passkeys\.test\.ts$/,
    because: 'an option of the Chrome DevTools Protocol',
  },
  {
    name: /^(?:CapableUser|CapableUserPage|AccessGround)$/,
    path: /^client\/src\/types\.ts$/,
    because: 'generated from openapi.json',
  },
  {
    name: /^sealFile$/,
    path: /^server\/src\/cli\/sqlite-files/,
    because: 'the file beside the database ends in .seal',
  },
  { name: /^mark[A-Z]/, because: 'a verb, as in to mark as read' },
  { name: /^byteOrderMark$/, because: 'the term of Unicode' },
  { name: /^highWaterMark$/, because: 'an option of the streams of Node' },
]
