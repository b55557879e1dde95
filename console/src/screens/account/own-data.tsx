import { Button } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../session/index.ts'
import { download, notifyDone, notifyProblem, Section, useCommonText } from '../../ui/index.ts'
import { useAccountText } from './messages.ts'

const fileName = 'propusk-my-data.json'

/** The data of the person, as a file. The server asks for a step-up first, where the last proof is old. */
export function OwnData() {
  const text = useAccountText()
  const common = useCommonText()
  const [isBusy, setBusy] = useState(false)

  const run = async () => {
    setBusy(true)
    try {
      const data = await api.call('downloadOwnData')
      download(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }), fileName)
      notifyDone(common('exported', { file: fileName }))
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section title={text('yourData')} lead={text('yourDataLead')}>
      <Button
        variant="default"
        leftSection={<Download size={15} aria-hidden />}
        loading={isBusy}
        onClick={() => void run()}
      >
        {text('downloadData')}
      </Button>
    </Section>
  )
}
