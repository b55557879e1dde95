import { defineMessages } from '../../i18n/index.ts'

/** The words of the form that roles, resources and actions share. */
export const useNamedText = defineMessages('named', {
  en: {
    name: 'Name',
    nameHint: 'Shown to people.',
    codeName: 'Code name',
    codeNameHint: 'Used by programs: lowercase Latin letters, digits and .\u00a0_\u00a0-',
    description: 'Description',
    nameMissing: 'Enter a name.',
    codeNameWrong:
      'Starts with a lowercase Latin letter, followed only by lowercase letters, digits and . _ - (at most 100).',
    renameWarning: 'Programs that use “{{old}}” will not find it under the new code name.',
    protected:
      'Built in: its names can’t be changed, because the server uses them. You can change the description.',
    create: 'Create',
  },
  ru: {
    name: 'Название',
    nameHint: 'Для людей.',
    codeName: 'Кодовое имя',
    codeNameHint: 'Для программ: строчные латинские буквы, цифры и .\u00a0_\u00a0-',
    description: 'Описание',
    nameMissing: 'Укажите название.',
    codeNameWrong:
      'Начинается со строчной латинской буквы; дальше только строчные буквы, цифры и . _ - (до 100).',
    renameWarning: 'Программы, которые используют «{{old}}», не найдут его под новым кодовым именем.',
    protected: 'Встроено: названия изменить нельзя, их использует сам сервер. Описание изменить можно.',
    create: 'Создать',
  },
})
