import { defineMessages } from '../../i18n/index.ts'

export const useGridText = defineMessages('permission-grid', {
  en: {
    held: 'granted',
    notHeld: 'not granted',
    covered: 'covered by {{permission}}',
    toGive: 'will be granted',
    toTake: 'will be revoked',
    notYours: 'You cannot grant or revoke what you do not have yourself',
  },
  ru: {
    held: 'есть',
    notHeld: 'нет',
    covered: 'входит в {{permission}}',
    toGive: 'будет выдано',
    toTake: 'будет отозвано',
    notYours: 'Нельзя выдать или отозвать то, чего нет у вас',
  },
})
