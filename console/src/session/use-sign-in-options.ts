import type { SignInOptions } from '@propusk/client'
import { useEffect, useState } from 'react'
import { readSignInOptions } from './sign-in.ts'

let reading: Promise<SignInOptions> | undefined

/**
 * What the server's settings let a sign-in page offer; undefined until it is known. Not by a query: those are forgotten with
 * each change of the person. One that failed is asked again by the next page.
 */
export function useSignInOptions(): SignInOptions | undefined {
  const [options, setOptions] = useState<SignInOptions>()
  useEffect(() => {
    let isWanted = true
    reading ??= readSignInOptions()
    reading.then(
      read => isWanted && setOptions(read),
      () => {
        reading = undefined
      },
    )
    return () => {
      isWanted = false
    }
  }, [])
  return options
}
