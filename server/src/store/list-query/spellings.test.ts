import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { spellingsOf } from './spellings.ts'

/** How names are written in passports, in newspapers and by the people themselves. */
const names: Readonly<Record<string, readonly string[]>> = {
  Александр: ['Aleksandr', 'Alexandr'],
  Алексей: ['Alexey', 'Aleksei'],
  Алёна: ['Alena', 'Alyona'],
  Анастасия: ['Anastasia', 'Anastasiya'],
  Анна: ['Anna'],
  Васильев: ['Vasilyev', 'Vasiliev'],
  Виктор: ['Viktor', 'Victor'],
  Дарья: ['Darya', 'Daria'],
  Дмитрий: ['Dmitry', 'Dmitriy', 'Dmitrii', 'Dmitri'],
  Евгений: ['Evgeny', 'Evgeniy', 'Yevgeny'],
  Елена: ['Elena', 'Yelena'],
  Жанна: ['Zhanna'],
  Илья: ['Ilya', 'Ilia'],
  Картер: ['Carter'],
  Крылов: ['Krylov'],
  Ксения: ['Kseniya', 'Ksenia', 'Xenia'],
  Кузьмин: ['Kuzmin'],
  Мария: ['Maria', 'Mariya', 'Mariia'],
  Мельников: ['Melnikov'],
  Михаил: ['Mikhail'],
  Наталья: ['Natalya', 'Natalia'],
  Николай: ['Nikolay', 'Nikolai'],
  Ольга: ['Olga'],
  Петрова: ['Petrova'],
  Пётр: ['Petr', 'Pyotr'],
  Сергей: ['Sergey', 'Sergei'],
  Соловьёв: ['Solovyov', 'Soloviev'],
  Татьяна: ['Tatyana', 'Tatiana'],
  Фёдор: ['Fedor', 'Fyodor'],
  Хрущёв: ['Khrushchev', 'Khruschev'],
  Цветков: ['Tsvetkov', 'Tcvetkov'],
  Эмили: ['Emily'],
  Юлия: ['Yulia', 'Yuliya', 'Iuliia', 'Julia'],
  Юрий: ['Yuri', 'Yury', 'Yuriy', 'Iurii'],
}

const findsIn = (typed: string, name: string) =>
  spellingsOf(typed.toLowerCase()).some(spelling => name.toLowerCase().includes(spelling))

describe('the spellings of a word', () => {
  for (const [cyrillic, latins] of Object.entries(names)) {
    for (const latin of latins) {
      it(`finds ${cyrillic} by ${latin}, and the other way round`, () => {
        assert.ok(findsIn(latin, cyrillic), spellingsOf(latin.toLowerCase()).join(' '))
        assert.ok(findsIn(cyrillic, latin), spellingsOf(cyrillic.toLowerCase()).join(' '))
      })
    }
  }

  for (const name of ['Анна', 'Петрова', 'Anna', 'Petrova', 'Жанна']) {
    it(`begins to find ${name} in the other alphabet with its third letter`, () => {
      const other = spellingsOf(name.toLowerCase()).at(1)!
      for (let length = 3; length <= name.length; length++)
        assert.ok(findsIn(name.slice(0, length), other), name.slice(0, length))
    })
  }

  it('finds what was typed in the other layout, in either alphabet', () => {
    assert.ok(findsIn('фттф', 'anna'))
    assert.ok(findsIn('фттф', 'Анна'))
    assert.ok(findsIn('fyyf', 'Анна'))
    assert.ok(findsIn('fyyf', 'Anna'))
    assert.ok(findsIn('фттф"учфьздуюсщь', 'anna@example.com'))
  })

  it('finds «ё» by «е», and the other way round', () => {
    assert.ok(findsIn('Алена', 'Алёна'))
    assert.ok(findsIn('Пётр', 'Петр'))
  })

  it('begins with the word itself, and has none twice', () => {
    for (const word of ['anna', 'анна', '42', 'a@b.c', 'петpова', '', 'é', '100%_']) {
      const spellings = spellingsOf(word)
      assert.equal(spellings[0], word)
      assert.equal(new Set(spellings).size, spellings.length)
    }
  })

  it('has no other for an address, for figures, and for a word of both alphabets', () => {
    for (const word of ['anna@example.com', '2026', 'анpа']) assert.deepEqual(spellingsOf(word), [word])
  })

  it('has few of the longest word', () => {
    for (const letter of ['e', 'е', 'y', 'ё', 'ия']) {
      assert.ok(spellingsOf(letter.repeat(75)).length <= 24, letter)
    }
  })
})
