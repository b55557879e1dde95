import type { MailKind, NoticeEvent } from '../mail.ts'

/** What a mail says, in the form of a template file. */
export const en: Readonly<Record<MailKind, string>> = {
  email_verify: `Subject: Confirm your address for {{brand}}
Button: Confirm this address

Please confirm that this address is yours.

{{link}}
{{code}}

Open the link and press the button there, or enter the code on the page that asks for it. Either works once, for {{validFor}}.

If you did not ask for this, do nothing. Without your confirmation nothing happens.`,

  password_reset: `Subject: Set a new password for {{brand}}
Button: Set a new password

Someone asked to set a new password for your account at {{brand}}.

{{link}}
{{code}}

Open the link and choose a password there, or enter the code on the page that asks for it. Either works once, for {{validFor}}. All your devices will be signed out.

If you did not ask for this, do nothing. Your password stays as it is.`,

  email_change: `Subject: Confirm your new address for {{brand}}
Button: Confirm this address

Someone wants to use this address for an account at {{brand}}.

{{link}}
{{code}}

Open the link and press the button there, or enter the code on the page that asks for it. Either works once, for {{validFor}}.

If you did not ask for this, do nothing. Without your confirmation nothing happens.`,

  email_changed: `Subject: The address of your {{brand}} account was changed
Button: This was not me

Your account at {{brand}} now has another address. Emails go there from now on.

If this was you, there is nothing to do. If it was not, undo the change within {{validFor}}.

{{link}}`,

  invitation: `Subject: You are invited to {{brand}}
Button: Accept the invitation

You have been invited to {{brand}}. Accept the invitation and choose a password.

{{link}}
{{code}}

Open the link, or enter the code on the page that asks for it. Either works once, for {{validFor}}.

If you did not expect this, do nothing. No account is created without you.`,

  login_code: `Subject: Your sign-in code for {{brand}}
Button: Sign in

Sign in to {{brand}} with this link or this code:

{{link}}
{{code}}

Open the link and press the button there, or enter the code on the page that asks for it. Either works once, for {{validFor}}. Do not share them: we never ask for them.

If you are not signing in, do nothing. No one can sign in without them.`,

  security_notice: `Subject: {{brand}}: {{event}}
Button: This was not me

{{event}}.

Time: {{at}}
{{#device}}
Device: {{device}}
{{/device}}
{{#network}}
Network address: {{network}}
{{/network}}

If this was you, there is nothing to do. If it was not, open the link and press the button there. That signs out all your devices, and you can set a new password.

{{link}}`,

  address_taken: `Subject: You already have an account at {{brand}}
Button: Set a new password

Someone tried to register at {{brand}} with this address. There is already an account with it, so nothing was changed.

If it was you, sign in as before. If you have forgotten your password, set a new one.

{{link}}

If it was not you, there is nothing to do.`,
}

/** What a security notice is about, as a sentence without its full stop. */
export const enEvents: Readonly<Record<NoticeEvent, string>> = {
  new_device: 'Sign-in to your account from a new device',
  password_changed: 'Your password was changed',
  email_changed: 'The address of your account was changed',
  factor_added: 'A second factor was added to your account',
  factor_removed: 'A second factor was removed from your account',
  recovery_used: 'A recovery code of your account was used',
  passkey_copied: 'A passkey of your account was refused: there may be a copy of it',
  device_remembered: 'A device was remembered: it can sign in without your second factor for a while',
  sessions_ended_by_admin: 'An administrator signed out your devices',
  api_key_made: 'An API key was created for your account',
}
