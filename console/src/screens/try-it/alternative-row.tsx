import { TriangleAlert } from 'lucide-react'
import { useFormat } from '../../i18n/index.ts'
import { GatedButton } from '../../ui/index.ts'
import { useTryText } from './messages.ts'
import classes from './try-it.module.css'

interface Effect {
  readonly affects: number
  readonly gains: number
  readonly losses: number
}

interface AlternativeRowProps {
  readonly sentences: readonly string[]
  readonly effect: Effect
  /** Permissions that it hands out and that control access itself. */
  readonly sensitive: readonly string[]
  /** Why the rules of rank refuse it; undefined where they do not. */
  readonly refusal: string | undefined
  /** Left out where the signed-in person may not do it. */
  readonly onApply: (() => void) | undefined
}

const sensitiveAtFirst = 4

/** What could be changed, for how many people and permissions, and the button that asks about it. */
export function AlternativeRow({ sentences, effect, sensitive, refusal, onApply }: AlternativeRowProps) {
  const text = useTryText()
  const effectText = useEffectText()
  return (
    <li className={classes.alternative}>
      <div className={classes.what}>
        {sentences.map(sentence => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="dim">{effectText(effect)}</p>
        {sensitive.length > 0 && (
          <p className={classes.warning}>
            <TriangleAlert size={14} aria-hidden />
            <span>
              {text('sensitive', { permissions: sensitive.slice(0, sensitiveAtFirst).join(', ') })}
              {sensitive.length > sensitiveAtFirst && ` +${sensitive.length - sensitiveAtFirst}`}
            </span>
          </p>
        )}
      </div>
      {onApply !== undefined && (
        <GatedButton
          reason={refusal}
          className={classes.apply}
          variant="default"
          size="xs"
          aria-label={`${text('apply')}: ${sentences.join(', ')}`}
          onClick={onApply}
        >
          {text('apply')}
        </GatedButton>
      )}
    </li>
  )
}

/** «39 people: +41 permissions in all». */
function useEffectText(): (effect: Effect) => string {
  const text = useTryText()
  const format = useFormat()
  const counted = (key: 'affects' | 'gains' | 'losses', count: number, rest = {}) =>
    text(key, { count, shown: format.number(count), ...rest })
  return ({ affects, gains, losses }) => {
    const parts = [gains > 0 && counted('gains', gains), losses > 0 && counted('losses', losses)]
    const effect = parts.filter(part => part !== false).join(', ')
    return counted('affects', affects, { effect: affects > 1 ? `${effect} ${text('inAll')}` : effect })
  }
}
