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
      'Who may make an account: anybody, anybody whose address a mail has proved, or administrators only.',
    example: 'verified',
  }),
  staffFactor: setting(choice('optional', 'required'), {
    name: 'PROPUSK_STAFF_FACTOR',
    default: 'optional',
    meaning:
      'Whether staff and superusers must have a second factor, and show it, before they may do more than look after their own account.',
    example: 'required',
    isSameOnAllNodes: true,
  }),
  loginCode: setting(choice('off', 'on'), {
    name: 'PROPUSK_LOGIN_CODE',
    default: 'off',
    meaning: 'Whether a code that came by mail signs in, in the place of the password.',
    example: 'on',
  }),
  rememberDeviceDays: setting(orOff(integer('days', 1, 90)), {
    name: 'PROPUSK_REMEMBER_DEVICE',
    default: 'off',
    meaning:
      'For how many days a browser that showed a second factor can sign in without one, where its person asks for it; never enough for what asks again.',
    example: '30',
  }),
  passwordMinLength: setting(integer('characters', 8, 1024), {
    name: 'PROPUSK_PASSWORD_MIN_LENGTH',
    default: '8',
    meaning: 'The least length of a new password; 15 is advised.',
    example: '15',
  }),
  attemptsPerAccount: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ACCOUNT',
    default: '5',
    meaning: 'Wrong guesses at one account before the waits begin; one is forgotten every 15 minutes.',
    warn: warnUncounted,
  }),
  attemptsPerAddress: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ADDRESS',
    default: '30',
    meaning:
      'Wrong guesses from one network address (IPv6: a /64) before the waits begin; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptsPerPassword: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_PASSWORD',
    default: '20',
    meaning:
      'Wrong guesses with one password, at whatever accounts, before the waits begin; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptMaxWaitSeconds: setting(duration('1s', '24h'), {
    name: 'PROPUSK_GUESS_MAX_WAIT',
    default: '15m',
    meaning: 'The longest wait after wrong guesses, which double it from one second on: 1s to 24h.',
  }),
}
