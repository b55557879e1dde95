/** Texts that have broken other people's servers. */
export const oddTexts: readonly string[] = [
  ...['', ' ', '0', '-1', 'null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'toString'],
  ...["'", '"', '\\', '%', '_', '%s', '$1', ':name', '?', '{}', '[]', '{{7*7}}', "'; drop table users; --"],
  ...['\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u0001', '\u007f', '\u2028', '\ufeff', '\uffff'],
  ...[
    '\r\nSet-Cookie: a=b',
    '\t',
    '\u202e',
    '\u200b',
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ﬀ',
    '👩‍💻',
    '\u{10ffff}',
    '٣',
  ],
  ...[
    '../../etc/passwd',
    '//example.com',
    '<script>',
    'a@b',
    '@',
    'a@@b.c',
    'A'.repeat(151),
    'x'.repeat(3_000),
  ],
  ...['users:read', 'users:', ':read', 'users:all:all', '9'.repeat(400), '1e400', '2026-02-30T00:00:00Z'],
]

export const oddNumbers: readonly number[] = [
  ...[0, -0, -1, 1, 1.5, -1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64],
  ...[1e21, 1e300, Number.MIN_VALUE, 201, 987_654_321],
]

/** JSON values of every type. */
export const oddValues: readonly unknown[] = [
  ...[null, true, false, [], {}, [null], [[[]]], { a: 1 }, [{}], { $ne: 1 }, { length: 3 }, { toString: 1 }],
  ...[['users:read', 'users:read'], Array.from({ length: 1_001 }, (_, index) => `r${index}`)],
]

/** What stands in a path where an id belongs. */
export const oddSegments: readonly string[] = [
  ...['0', '-1', '1.0', '01', '+1', '1e3', '9007199254740991', '9007199254740992', '9223372036854775808'],
  ...[
    '%00',
    '%zz',
    '%',
    '%ff',
    '%c0%80',
    '%ed%a0%80',
    '%2e%2e',
    '..',
    '.',
    '%2f',
    '1%2f2',
    '1;2',
    '1%20',
    '',
  ],
  ...[
    '%D9%A3',
    '__proto__',
    'constructor',
    'NaN',
    'null',
    '1'.repeat(300),
    '%F0%9F%98%80',
    '*',
    '{id}',
    ':id',
  ],
]

export const oddHeaders: Readonly<Record<string, readonly string[]>> = {
  'accept-language': [
    'ru',
    'ru-RU,en;q=0.5',
    '*',
    'xx',
    ';;;',
    'ru;q=0',
    'ru;q=9',
    '\u00ff',
    ','.repeat(500),
  ],
  accept: ['*/*', 'text/html', 'application/xml', '', 'application/json;q=0'],
  'user-agent': ['', 'x'.repeat(5_000), '\u00ff\u00fe', 'curl/8', '<script>', '\u0001'],
  origin: ['null', 'https://example.com', 'http://localhost:8000', '*', '\u00e9'],
  'x-forwarded-for': ['127.0.0.1', '::1', '10.0.0.1, 10.0.0.2', 'unknown', '999.1.1.1', 'x'.repeat(500)],
  'x-request-id': ['1', '\u00ff', 'a b'],
  'x-http-method-override': ['DELETE'],
  'if-none-match': ['*', '"x"'],
  range: ['bytes=0-1', 'bytes=9-1'],
  cookie: ['access=1; token=2', '=', ';'],
  'content-encoding': ['gzip', 'identity'],
  'transfer-encoding': ['chunked', 'gzip'],
  expect: ['100-continue', 'x'],
}

export const oddContentTypes: readonly string[] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    '',
    'application/',
  ],
  ...['multipart/form-data; boundary=x', 'application/json; charset=utf-8', 'APPLICATION/JSON', '\u00ff'],
]
