/** Texts and numbers of each format: other forms that its standard has, and near misses that it does not. */

import type { Json } from '../json.js';

type Samples = {
  /** Each of another form. */
  readonly valid: readonly Json[];
  /** The nearest misses first. */
  readonly invalid: readonly Json[];
};

const uri = ['https://example.com/a?b=c#d', 'http://localhost:8080/', 'mailto:a@example.com', 'urn:isbn:1'];

/** By the name of the format (JSON Schema 2020-12 Validation, section 7.3; OpenAPI format registry). */
const samples: Readonly<Record<string, Samples>> = {
  // RFC 3339, section 5.6
  'date-time': {
    valid: [
      '2024-02-29T23:59:59Z',
      '2024-01-01T00:00:00.000Z',
      '2024-06-30T12:00:00+05:30',
      '1969-12-31T23:59:59Z',
    ],
    invalid: ['2023-02-29T12:00:00Z', '2024-01-01T25:00:00Z', '2024-01-01', 'yesterday'],
  },
  date: {
    valid: ['2024-02-29', '1969-12-31', '2024-12-31'],
    invalid: ['2023-02-29', '2024-13-01', '01/02/2024', 'yesterday'],
  },
  time: {
    valid: ['00:00:00Z', '23:59:59Z', '12:00:00.5+05:30'],
    invalid: ['25:00:00Z', '12:00', 'noon'],
  },
  duration: { valid: ['P1D', 'PT36H', 'P1Y2M3DT4H5M6S', 'P2W'], invalid: ['P', '1D', 'two days'] },
  // RFC 5321, section 4.1.2
  email: {
    valid: ['a@example.com', 'first.last+tag@sub.example.com'],
    invalid: ['a@', '@example.com', 'example.com', 'a b@example.com'],
  },
  'idn-email': { valid: ['a@example.com'], invalid: ['a@', '@example.com', 'example.com'] },
  hostname: {
    valid: ['localhost', 'a.example.com', 'xn--bcher-kva.example'],
    invalid: ['-a.example.com', 'a b', 'a_b!'],
  },
  ipv4: {
    valid: ['0.0.0.0', '255.255.255.255', '192.0.2.1'],
    invalid: ['256.0.0.1', '192.0.2', '192.0.2.1.5'],
  },
  ipv6: {
    valid: ['::', '::1', '2001:db8::1', '::ffff:192.0.2.1'],
    invalid: ['2001:db8:::1', '12345::', '::g'],
  },
  // RFC 3986
  uri: { valid: uri, invalid: ['//example.com', 'a b', 'https://exa mple.com/', '\\\\a'] },
  url: { valid: uri.slice(0, 1), invalid: ['//example.com', 'example', 'https://'] },
  iri: { valid: uri, invalid: ['a b'] },
  'uri-reference': { valid: [...uri, '/a/b', '?a=b', '#a', ''], invalid: ['\\\\a', 'a b', '/%zz'] },
  'uri-template': { valid: ['/a/{b}', '/a{?b,c}', ''], invalid: ['/a/{b', '/a/{b}}', '{'] },
  // RFC 9562
  uuid: {
    valid: [
      '00000000-0000-0000-0000-000000000000',
      'A987FBC9-4BED-4078-8F07-9141BA07C9F3',
      '018f9e60-7c4b-7f3a-9b1e-2a5d3c7e9f10',
    ],
    invalid: ['a987fbc9-4bed-4078-8f07-9141ba07c9fg', 'a987fbc9-4bed-4078-8f07-9141ba07c9f', 'no-uuid'],
  },
  'json-pointer': { valid: ['', '/', '/a~0b/~1/0'], invalid: ['a', '/a~2', '/~'] },
  'relative-json-pointer': { valid: ['0', '1/a', '2#'], invalid: ['/a', '01/a', '-1/a'] },
  regex: { valid: ['', '^a+$', '[a-z]{2,3}'], invalid: ['(', '[a-', '^a++$'] },
  // RFC 4648, section 4
  byte: { valid: ['', 'QQ==', 'QUI=', 'QUJD', '+/+/'], invalid: ['QQ=', 'Q', '?!', 'QU_-'] },
  int32: { valid: [2147483647, -2147483648], invalid: [2147483648, -2147483649] },
  int64: { valid: [9007199254740991, -9007199254740991], invalid: [] },
  float: { valid: [1.5, -1.5, 1e10], invalid: [] },
  double: { valid: [1.5, -1.5, 1e100], invalid: [] },
  password: { valid: ['correct horse battery staple'], invalid: [] },
};

const none: Samples = { valid: [], invalid: [] };

export function formatSamples(format: Json | undefined): Samples {
  const known = typeof format === 'string' && Object.hasOwn(samples, format) ? samples[format] : undefined;
  return known ?? none;
}
