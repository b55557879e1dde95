import { defineMessages } from '../../i18n/index.ts'

/** The words of the form that roles, resources and actions share. */
export const useNamedText = defineMessages('named', {
  en: {
    name: 'Name',
    nameHint: 'What people read.',
    codeName: 'Code name',
    codeNameHint: 'What programs read: small Latin letters, digits and .\u00a0_\u00a0-',
    description: 'Description',
    nameMissing: 'A name is needed.',
    codeNameWrong:
      'Starts with a small Latin letter; then only small letters, digits and . _ - (100 at most).',
    renameWarning: 'Programs that ask for “{{old}}” will not find it under the new code name.',
    protected: 'Built in: its names stay, because the server itself uses them. The description is yours.',
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
    renameWarning: 'Программы, которые спрашивают «{{old}}», не найдут его под новым кодовым именем.',
    protected: 'Встроено: названия не меняются, на них опирается сам сервер. Описание можно изменить.',
    create: 'Создать',
  },
})
