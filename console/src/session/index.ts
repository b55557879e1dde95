export { basePath } from './base-path.ts'
export { staySignedIn } from './idle.ts'
export { acceptInvitation, readInvitation } from './invitation.ts'
export { isKept, keep, keepsAnything, mustKeep, takeKept } from './kept.ts'
export {
  askPasskey,
  canAutofillPasskeys,
  cancelAutofill,
  canUsePasskeys,
  isDismissed,
  makePasskey,
  signalAccepted,
} from './passkey.ts'
export { isUnreachable, reachesServer } from './reaches-server.ts'
export { readUser } from './read-user.ts'
export {
  activate,
  hasResetPasskey,
  reportNotMe,
  requestLoginCode,
  requestReset,
  resetByPasskey,
  resetPassword,
  type ShownMail,
  undoEmailChange,
  verifyEmail,
} from './recovery.ts'
export {
  api,
  type Ending,
  enterForward,
  leave,
  leaveBy,
  onSessionChange,
  readProfile,
  reloadProfile,
  renewAccess,
  restoreSession,
  sessionState,
  signOut,
} from './session.ts'
export {
  checkSetupLink,
  finishByPasskey,
  makeFirstSuperuser,
  readBrand,
  readSignInOptions,
  register,
  signIn,
  signInByCode,
  signInByFactor,
  signInByPasskey,
} from './sign-in.ts'
export { onStepUpQuestion, type StepUpQuestion, stepUpQuestion } from './step-up.ts'
export { useIdleWarning, useIsResting } from './use-idle.ts'
export { useMay, useProfile, useSession } from './use-session.ts'
export { useSignInOptions } from './use-sign-in-options.ts'
export { type WithVersion, withVersion } from './with-version.ts'
