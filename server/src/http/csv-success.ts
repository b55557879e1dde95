import { TextStream } from './schema.ts'

/** The success of a route that streams a table: a browser saves it as a file. */
export const csvSuccess = (fileName: string, example: string) =>
  ({
    status: 200,
    description: 'The table, one row in a line.',
    schema: TextStream(),
    example,
    stream: true,
    contentType: 'text/csv; charset=utf-8',
    headers: { 'content-disposition': `attachment; filename="${fileName}"` },
  }) as const
