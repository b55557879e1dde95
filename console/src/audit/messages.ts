import { defineMessages } from '../i18n/index.ts'
import { accessMessages } from './sentences/access-messages.ts'
import { accountMessages } from './sentences/account-messages.ts'
import { systemMessages } from './sentences/system-messages.ts'

/** Clauses of the sentences about audit events: without a doer, so that no language has to know who he or she is. */
export const useAuditSentenceText = defineMessages('audit-sentences', {
  en: { ...accountMessages.en, ...accessMessages.en, ...systemMessages.en },
  ru: { ...accountMessages.ru, ...accessMessages.ru, ...systemMessages.ru },
})
