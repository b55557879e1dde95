import { message, Refusal } from '../../kernel/index.ts'
import type { Answer, HeadMaker } from '../answer.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Exchange } from '../exchange.ts'
import { fileAnswer } from '../file-answer.ts'
import type { HttpOptions } from '../options.ts'
import { negotiateCoding } from './negotiate-coding.ts'
import { listPageFiles, type PageFiles } from './page-files.ts'
import { pageContentPolicy } from './page-policy.ts'

/** Stands in the built page where the nonce of an answer belongs. */
const noncePlace = '__CSP_NONCE__'

/** The names of these files change with what is in them, so a copy is good for ever. */
const hashedFolder = 'assets/'

/**
 * The console and the account pages: one built page for every address below `/console/` and `/account/`, and the files
 * that it loads. Nothing of it is read before somebody asks; where it was not built the server runs all the same.
 */
export function pageEndpoints(
  { pagesDirectory, random }: Pick<HttpOptions, 'pagesDirectory' | 'random'>,
  headOf: HeadMaker,
): Endpoint[] {
  let listing: Promise<PageFiles> | undefined
  const files = (): Promise<PageFiles> => {
    listing ??= listBuilt(pagesDirectory)
    // What was not built a moment ago may be built now.
    listing.catch(() => {
      listing = undefined
    })
    return listing
  }
  /** A listed file that is gone means that the pages have been built anew: then it is looked for once more. */
  const fromFiles = async <T>(work: (found: PageFiles) => Promise<T>): Promise<T> => {
    try {
      return await work(await files())
    } catch (error) {
      if (!isAbsent(error)) throw error
      listing = undefined
      return await work(await files())
    }
  }

  const answerPage = async (): Promise<Answer> => {
    const { contentType, bytes } = await fromFiles(async found => {
      const page = found.get('index.html')!
      return { ...page, ...(await page.read('identity')) }
    })
    const nonce = Buffer.from(random.bytes(16)).toString('base64')
    const head = headOf({
      'content-security-policy': pageContentPolicy(nonce),
      // Each answer is another, so there is nothing for a browser to compare a copy with.
      'cache-control': 'no-cache',
      'content-type': contentType,
    })
    return { status: 200, head, body: bytes.toString('utf8').replaceAll(noncePlace, nonce) }
  }

  const answerAsset = async (exchange: Exchange, name: string): Promise<Answer> => {
    const { file, coding, content } = await fromFiles(async found => {
      const file = found.get(name)
      if (file === undefined) throw new Refusal('not_found')
      const coding = negotiateCoding(exchange.request.headers['accept-encoding'], file.codings)
      return { file, coding, content: await file.read(coding) }
    })
    if (file.codings.size > 1) exchange.addVary('Accept-Encoding')
    const isHashed = name.startsWith(hashedFolder)
    return fileAnswer(
      headOf,
      exchange,
      { ...content, contentType: file.contentType },
      {
        ...(coding !== 'identity' && { 'content-encoding': coding }),
        'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    )
  }

  const answerConsole = (exchange: Exchange) => {
    const name = exchange.params['*']!
    // The addresses within the console have no dots; the files all do.
    return isFileName(name) ? answerAsset(exchange, name) : answerPage()
  }

  const redirectHead = headOf({ location: '/console/' })
  const answerRoot = (exchange: Exchange): Answer => {
    exchange.addVary('Accept')
    // A program that lost its way is told so; a person is shown the way.
    if (!/\btext\/html\b/i.test(exchange.request.headers.accept ?? '')) throw new Refusal('not_found')
    return { status: 302, head: redirectHead, body: '' }
  }

  return [
    { method: 'GET', path: '/', answer: answerRoot },
    { method: 'GET', path: '/console/', answer: answerPage },
    { method: 'GET', path: '/console/*', answer: answerConsole },
    { method: 'GET', path: '/account/', answer: answerPage },
    { method: 'GET', path: '/account/*', answer: answerPage },
  ]
}

const isFileName = (name: string): boolean => `${name}/`.startsWith(hashedFolder) || /\.[^/]*$/.test(name)

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

async function listBuilt(directory: string | undefined): Promise<PageFiles> {
  const found = directory === undefined ? undefined : await listPageFiles(directory).catch(noneIfAbsent)
  if (found?.has('index.html')) return found
  throw new Refusal('not_found', { detail: message('pages.not_built') })
}

function noneIfAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error
}
