import { choice } from './kinds.ts'
import { brandName, color, mailSender, mailUrl, path } from './mail-kinds.ts'
import { setting } from './setting.ts'

/** The settings of mail, and of how the product calls itself in mails and on the sign-in pages. */
export const mailSettingOf = {
  /** SECRET: holds a user and a password. */
  mailUrl: setting(mailUrl, {
    name: 'PROPUSK_MAIL_URL',
    default: undefined,
    meaning: 'The mail server; if unset, no email is sent, and nothing that needs it is offered.',
    example: 'smtp://user:password@smtp.example.org:587',
    isSecret: true,
  }),
  mailFrom: setting(mailSender, {
    name: 'PROPUSK_MAIL_FROM',
    default: undefined,
    meaning: 'The sender of every email; required with PROPUSK_MAIL_URL.',
    example: 'no-reply@example.org',
  }),
  mailLocale: setting(choice('en', 'ru'), {
    name: 'PROPUSK_MAIL_LOCALE',
    default: 'en',
    meaning: 'The language of an email where that of its reader is not known.',
    example: 'ru',
  }),
  mailTemplates: setting(path, {
    name: 'PROPUSK_MAIL_TEMPLATES',
    default: undefined,
    meaning: 'A directory with files that replace the texts of emails.',
    example: '/etc/propusk/mail',
  }),
  brandName: setting(brandName, {
    name: 'PROPUSK_BRAND_NAME',
    default: 'Propusk',
    meaning: 'The name of the product in emails and on sign-in pages.',
    example: 'Acme',
  }),
  brandLogo: setting(path, {
    name: 'PROPUSK_BRAND_LOGO',
    default: undefined,
    meaning: 'An SVG or PNG file of at most 64 KiB that the sign-in pages show.',
    example: '/etc/propusk/logo.svg',
  }),
  brandColor: setting(color, {
    name: 'PROPUSK_BRAND_COLOR',
    default: undefined,
    meaning: 'The colour of buttons in emails and on sign-in pages.',
    example: '0a5cbf',
  }),
}
