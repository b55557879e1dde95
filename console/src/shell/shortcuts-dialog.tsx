import { Kbd, Modal } from '@mantine/core'
import { Fragment } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { useMay } from '../session/index.ts'
import { useCommonText } from '../ui/messages.ts'
import { navigation, ownPages, useNavigationText } from './navigation.ts'
import classes from './shortcuts-dialog.module.css'

const useText = defineMessages('shortcuts', {
  en: {
    title: 'Keyboard shortcuts',
    everywhere: 'Everywhere',
    pages: 'Pages',
    lists: 'Lists and the matrix',
    palette: 'Search, go to a page, run a command',
    search: 'Go to the search of the page',
    help: 'Show this help',
    close: 'Close a dialog or clear a search',
    move: 'Move between rows or cells',
    ends: 'Go to the first or last row or cell',
    open: 'Open the row',
    choose: 'Select the row; grant or revoke a permission',
    carry: 'Repeat the value of a cell in its neighbours',
    resize: 'Resize a list, with its edge in focus',
  },
  ru: {
    title: 'Сочетания клавиш',
    everywhere: 'Везде',
    pages: 'Страницы',
    lists: 'Списки и матрица',
    palette: 'Поиск, переход и команды',
    search: 'Перейти к поиску на странице',
    help: 'Показать эту справку',
    close: 'Закрыть окно или очистить поиск',
    move: 'Переход по строкам и ячейкам',
    ends: 'К первой или последней',
    open: 'Открыть строку',
    choose: 'Выбрать строку; выдать или отозвать право',
    carry: 'Повторить значение ячейки в соседних',
    resize: 'Изменить ширину списка, когда выбран его край',
  },
})

/** `mod` is what holds commands on this keyboard. */
const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

/** What the keys do, on «?». */
export default function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const text = useText()
  const common = useCommonText()
  const pages = useNavigationText()
  const may = useMay()
  const items = [
    ...navigation.flatMap(group => group.items).filter(({ permission }) => may(...permission)),
    ...ownPages,
  ]
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={text('title')}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <div className={classes.columns}>
        <Keys
          title={text('everywhere')}
          rows={[
            [text('palette'), [mod, 'K']],
            [text('search'), ['/']],
            [text('help'), ['?']],
            [text('close'), ['Esc']],
          ]}
        />
        <Keys title={text('pages')} rows={items.map(({ label, key }) => [pages(label), ['g', key]])} />
        <Keys
          title={text('lists')}
          rows={[
            [text('move'), ['↑', '↓', '←', '→']],
            [text('ends'), ['Home', 'End']],
            [text('open'), ['Enter']],
            [text('choose'), ['Space']],
            [text('carry'), ['Shift', '↓']],
            [text('resize'), ['←', '→']],
          ]}
        />
      </div>
    </Modal>
  )
}

interface KeysProps {
  readonly title: string
  readonly rows: readonly (readonly [what: string, keys: readonly string[]])[]
}

const Keys = ({ title, rows }: KeysProps) => (
  <section className={classes.part}>
    <h3 className={classes.title}>{title}</h3>
    <dl className={classes.keys}>
      {rows.map(([what, keys]) => (
        <Fragment key={what}>
          <dt>{what}</dt>
          <dd>
            {keys.map(key => (
              <Kbd key={key} size="xs">
                {key}
              </Kbd>
            ))}
          </dd>
        </Fragment>
      ))}
    </dl>
  </section>
)
