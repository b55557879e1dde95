import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ForwardAnswer, User } from '@propusk/client'
import { useState } from 'react'
import { api, useMay } from '../../session/index.ts'
import { PersonPicker, ProblemNote, Status, useFormProblem } from '../../ui/index.ts'
import classes from './forward-rules.module.css'
import { useForwardRulesText } from './messages.ts'
import { forwardMethods } from './methods.ts'

/** Asks the server which rule would answer a request, and what the proxy would be told. */
export function AskRule() {
  const text = useForwardRulesText()
  const may = useMay()
  const [person, setPerson] = useState<User>()
  const [answer, setAnswer] = useState<ForwardAnswer>()
  const form = useForm({
    initialValues: { host: '', path: '/', method: 'GET' as (typeof forwardMethods)[number] },
    // What was answered is no answer to what is typed now.
    onValuesChange: () => setAnswer(undefined),
  })
  const { problem, show, clear } = useFormProblem(form)
  const ask = async (query: typeof form.values) => {
    clear()
    try {
      setAnswer(
        await api.call('findForwardAnswer', { query: { ...query, ...(person && { user_id: person.id }) } }),
      )
    } catch (error) {
      show(error)
    }
  }
  return (
    <form onSubmit={form.onSubmit(values => void ask(values))} noValidate>
      <ProblemNote problem={problem} />
      <div className={classes.question}>
        <TextInput {...form.getInputProps('host')} label={text('host')} placeholder="app.example.org" />
        <TextInput {...form.getInputProps('path')} label={text('path')} />
        <Select
          {...form.getInputProps('method')}
          label={text('method')}
          data={[...forwardMethods]}
          allowDeselect={false}
        />
        {may('users', 'read') && (
          <PersonPicker
            label={text('person')}
            chosen={person}
            onChoose={chosen => {
              setPerson(chosen)
              setAnswer(undefined)
            }}
          />
        )}
        <Button type="submit" variant="default">
          {text('askVerb')}
        </Button>
      </div>
      <output className={classes.answer}>{answer !== undefined && <Answer answer={answer} />}</output>
    </form>
  )
}

function Answer({ answer: { status, because, rule } }: { readonly answer: ForwardAnswer }) {
  const text = useForwardRulesText()
  return (
    <>
      {status === 200 ? (
        <Status tone="good">{text('passes')}</Status>
      ) : (
        <Status tone="bad">{text(status === 401 ? 'signIn' : 'refused')}</Status>
      )}
      <span>{text(`because_${because}`)}</span>
      {rule !== null && <code>{text('byRule', { rule: `${rule.host}${rule.path}` })}</code>}
    </>
  )
}
