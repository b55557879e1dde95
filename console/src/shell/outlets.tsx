import { Notifications } from '@mantine/notifications'
import { ConfirmOutlet } from '../ui/confirm.tsx'
import { IdleDialog } from './idle-dialog.tsx'
import { ReloadedNote } from './reloaded-note.tsx'
import { StepUpDialog } from './step-up-dialog.tsx'

/** Where questions and messages are shown: beside the pages that have any, so that the sign-in page comes without them. */
export const Outlets = () => (
  <>
    <ConfirmOutlet />
    <StepUpDialog />
    <IdleDialog />
    <ReloadedNote />
    <Notifications position="bottom-left" limit={4} />
  </>
)
