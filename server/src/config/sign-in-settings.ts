import { choice, duration, integer, orOff } from './kinds.ts'
import { setting } from './setting.ts'

/** Wrong attempts; undefined counts none. */
const attemptCount = orOff(integer('guesses', 1, 1_000_000))
const warnUncounted = (count: number | undefined): string | false =>
  count === undefined &&
  '=off: the throttle does not count these guesses at passwords. Leave it on wherever strangers reach the server.'

/** The settings of who may sign in, with what, and after how many wrong attempts they wait. */
export const signInSettingOf = {
  registration: setting(choice('open', 'verified', 'closed'), {
    name: 'PROPUSK_REGISTRATION',
    default: 'open',
    meaning:
      'Who can create an account: anyone, anyone whose address has been confirmed by email, or administrators only.',
    example: 'verified',
  }),
  staffFactor: setting(choice('optional', 'required'), {
    name: 'PROPUSK_STAFF_FACTOR',
    default: 'optional',
    meaning:
      'Whether staff and superusers must have a second factor, and show it, before they can do more than manage their own account.',
    example: 'required',
    isSameOnAllNodes: true,
  }),
  loginCode: setting(choice('off', 'on'), {
    name: 'PROPUSK_LOGIN_CODE',
    default: 'off',
    meaning: 'Whether a code sent by email can replace the password at sign-in.',
    example: 'on',
  }),
  rememberDeviceDays: setting(orOff(integer('days', 1, 90)), {
    name: 'PROPUSK_REMEMBER_DEVICE',
    default: 'off',
    meaning:
      'For how many days a browser can sign in without the second factor after a sign-in with it, where the user chooses this; sensitive actions still require it.',
    example: '30',
  }),
  passwordMinLength: setting(integer('characters', 8, 1024), {
    name: 'PROPUSK_PASSWORD_MIN_LENGTH',
    default: '8',
    meaning: 'The least length of a new password; 15 is recommended.',
    example: '15',
  }),
  attemptsPerAccount: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ACCOUNT',
    default: '5',
    meaning:
      'Wrong passwords for one account before sign-in is rate-limited; one is forgotten every 15 minutes.',
    warn: warnUncounted,
  }),
  attemptsPerAddress: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ADDRESS',
    default: '30',
    meaning:
      'Wrong passwords from one network address (IPv6: a /64) before sign-in is rate-limited; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptsPerPassword: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_PASSWORD',
    default: '20',
    meaning:
      'Attempts with one wrong password, at any accounts, before sign-in is rate-limited; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptMaxWaitSeconds: setting(duration('1s', '24h'), {
    name: 'PROPUSK_GUESS_MAX_WAIT',
    default: '15m',
    meaning: 'The longest rate limit; each wrong attempt doubles it, from one second on: 1s to 24h.',
  }),
}
